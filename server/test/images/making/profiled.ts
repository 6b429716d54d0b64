import { deflateSync, crc32 } from 'node:zlib'
import { quarterPixels } from './quarters.ts'
import { Block, long, tiffFile } from './tiff-file.ts'

type Triple = readonly [number, number, number]

interface Space {
  readonly name: string
  readonly gamma: number
  /** The primaries in XYZ relative to D50, which is what a profile holds; one number for grey. */
  readonly primaries: readonly [Triple, Triple, Triple] | null
}

/** Primaries as B. Lindbloom lists them, adapted to D50 (Bradford). */
export const spaces: Space[] = [
  { name: 'Adobe RGB', gamma: 2.19921875, primaries: [[0.6097559, 0.3111242, 0.0194811], [0.2052401, 0.625656, 0.0608902], [0.149224, 0.0632197, 0.7448387]] }, // prettier-ignore
  { name: 'ProPhoto', gamma: 1.80078125, primaries: [[0.7976749, 0.2880402, 0], [0.1351917, 0.7118741, 0], [0.0313534, 0.0000857, 0.82521]] }, // prettier-ignore
  { name: 'Display P3', gamma: 2.19921875, primaries: [[0.5151, 0.2412, -0.0011], [0.292, 0.6922, 0.0419], [0.1571, 0.0666, 0.7841]] }, // prettier-ignore
  { name: 'wide, swapped', gamma: 1, primaries: [[0.2052401, 0.625656, 0.0608902], [0.6097559, 0.3111242, 0.0194811], [0.149224, 0.0632197, 0.7448387]] }, // prettier-ignore
  { name: 'grey', gamma: 1.80078125, primaries: null },
]

/** sRGB in XYZ relative to D50. */
const srgb: readonly [Triple, Triple, Triple] = [[0.4360747, 0.2225045, 0.0139322], [0.3850649, 0.7168786, 0.0971045], [0.1430804, 0.0606169, 0.7141733]] // prettier-ignore

const linearOf = (level: number) => {
  const v = level / 255
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
}

/** The four quarters as 16-bit device values of a space, computed without any colour management. */
export function deviceValues(space: Space, width = 64, height = 48): Uint16Array {
  const rgb = quarterPixels(width, height)
  const channels = space.primaries ? 3 : 1
  const values = new Uint16Array(width * height * channels)
  const known = new Map<string, number[]>()
  for (let at = 0, to = 0; at < rgb.length; at += 3, to += channels) {
    const key = rgb.subarray(at, at + 3).join()
    const device = known.get(key) ?? deviceOf(rgb.subarray(at, at + 3), space)
    known.set(key, device)
    values.set(device, to)
  }
  return values
}

function deviceOf(levels: Uint8Array, { gamma, primaries }: Space): number[] {
  const light = [...levels].map(linearOf)
  const xyz = [0, 1, 2].map((row) => light.reduce((sum, v, k) => sum + v * srgb[k]![row]!, 0))
  const device = primaries ? solve(primaries, xyz) : [xyz[1]!]
  return device.map((v) => Math.round(65_535 * Math.min(1, Math.max(0, v)) ** (1 / gamma)))
}

/** What a grey of these device values is in sRGB. */
export function greyLevels(): number[] {
  return [0, 1, 2, 3].map((quarter) => {
    const rgb = quarterPixels(2, 2).subarray(quarter * 3, quarter * 3 + 3)
    const y = [...rgb].map(linearOf).reduce((sum, v, k) => sum + v * srgb[k]![1], 0)
    return Math.round(255 * (y <= 0.0031308 ? 12.92 * y : 1.055 * y ** (1 / 2.4) - 0.055))
  })
}

/** Cramer's rule: the amounts of three primaries that make a colour. */
function solve([r, g, b]: readonly [Triple, Triple, Triple], xyz: number[]): number[] {
  const det = (p: readonly number[], q: readonly number[], s: readonly number[]) =>
    p[0]! * (q[1]! * s[2]! - q[2]! * s[1]!) - q[0]! * (p[1]! * s[2]! - p[2]! * s[1]!) + s[0]! * (p[1]! * q[2]! - p[2]! * q[1]!) // prettier-ignore
  const all = det(r, g, b)
  return [det(xyz, g, b) / all, det(r, xyz, b) / all, det(r, g, xyz) / all]
}

/** An ICC profile of version 2 with a matrix and a gamma. */
export function iccProfile({ gamma, primaries }: Space): Buffer {
  const curve = Buffer.alloc(16)
  curve.write('curv')
  curve.writeUInt32BE(1, 8)
  curve.writeUInt16BE(Math.round(gamma * 256), 12)
  const xyz = (values: readonly number[]) => {
    const tag = Buffer.alloc(20)
    tag.write('XYZ ')
    values.forEach((value, k) => tag.writeInt32BE(Math.round(value * 65_536), 8 + k * 4))
    return tag
  }
  const white = xyz([0.9642, 1, 0.8249])
  const text = Buffer.alloc(32)
  text.write('text')
  text.write('a test', 8)
  const tags: [string, Buffer][] = primaries
    ? [['rXYZ', xyz(primaries[0])], ['gXYZ', xyz(primaries[1])], ['bXYZ', xyz(primaries[2])], ['rTRC', curve], ['gTRC', curve], ['bTRC', curve]] // prettier-ignore
    : [['kTRC', curve]]
  tags.push(['wtpt', white], ['cprt', text], ['desc', description()])
  const head = Buffer.alloc(128)
  head.writeUInt32BE(0x02100000, 8)
  head.write(`mntr${primaries ? 'RGB ' : 'GRAY'}XYZ `, 12)
  head.write('acsp', 36)
  ;[0.9642, 1, 0.8249].forEach((value, k) => head.writeInt32BE(Math.round(value * 65_536), 68 + k * 4)) // prettier-ignore
  const table = Buffer.alloc(4 + tags.length * 12)
  table.writeUInt32BE(tags.length)
  let at = 128 + table.length
  tags.forEach(([name, tag], index) => {
    table.write(name, 4 + index * 12)
    table.writeUInt32BE(at, 8 + index * 12)
    table.writeUInt32BE(tag.length, 12 + index * 12)
    at += tag.length
  })
  const profile = Buffer.concat([head, table, ...tags.map(([, tag]) => tag)])
  profile.writeUInt32BE(profile.length)
  return profile
}

function description(): Buffer {
  const tag = Buffer.alloc(104)
  tag.write('desc')
  tag.writeUInt32BE(5, 8)
  tag.write('test', 12)
  return tag
}

/** Device values as a PNG of 8 or 16 bits with this profile. */
export function profiledPng(
  values: Uint16Array,
  depth: 8 | 16,
  icc: Buffer,
  channels: 1 | 3,
  width = 64,
): Buffer {
  // prettier-ignore
  const height = values.length / channels / width
  const row = width * channels * (depth / 8)
  const raw = Buffer.alloc((row + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < width * channels; k++) {
      const value = values[y * width * channels + k]!
      if (depth === 16) raw.writeUInt16BE(value, y * (row + 1) + 1 + k * 2)
      else raw[y * (row + 1) + 1 + k] = Math.round(value / 257)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([depth, channels === 3 ? 2 : 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('iCCP', Buffer.concat([Buffer.from('test\0\0'), deflateSync(icc)])),
    pngChunk('IDAT', deflateSync(raw)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12)
  chunk.writeUInt32BE(data.length)
  chunk.write(type, 4, 'latin1')
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), data.length + 8)
  return chunk
}

/** The same as a TIFF. */
export function profiledTiff(
  values: Uint16Array,
  depth: 8 | 16,
  icc: Buffer,
  channels: 1 | 3,
  width = 64,
): Buffer {
  // prettier-ignore
  const height = values.length / channels / width
  const pixels = Buffer.alloc(values.length * (depth / 8))
  values.forEach((value, k) => {
    if (depth === 16) pixels.writeUInt16LE(value, k * 2)
    else pixels[k] = Math.round(value / 257)
  })
  return tiffFile([
    new Map<number, never>([
      [0x100, width], [0x101, height], [0x102, Array.from({ length: channels }, () => depth)], [0x103, 1],
      [0x106, channels === 3 ? 2 : 1], [0x111, new Block(pixels)], [0x115, channels], [0x116, height],
      [0x117, long(pixels.length)], [0x11c, 1], [34_675, icc],
    ] as never), // prettier-ignore
  ])
}
