import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { jpeg } from '../support/pictures.ts'

/** What one file does to a server, and what it may be answered. */
export interface HostileFile {
  readonly name: string
  readonly bytes: () => Promise<Buffer> | Buffer
  readonly status: 200 | 400
  /** Takes seconds, or hundreds of megabytes. */
  readonly isHeavy?: true
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  data.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length)
  return bytes
}

interface Png {
  readonly width: number
  readonly height: number
  readonly depth?: number
  readonly type?: number
  readonly interlace?: number
  /** Before they are compressed; or compressed already. */
  readonly zeros?: number
  readonly data?: Buffer
  readonly extra?: Buffer[]
}

/** A PNG that says what it is told to. */
function png({
  width,
  height,
  depth = 8,
  type = 0,
  interlace = 0,
  zeros = 0,
  data,
  extra = [],
}: Png): Buffer {
  // prettier-ignore
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  header[9] = type
  header[12] = interlace
  const pixels = data ?? deflateSync(Buffer.alloc(zeros), { level: 9 })
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A JPEG whose frame claims another size. */
async function claimed(width: number, height: number): Promise<Buffer> {
  const bytes = Buffer.from(await jpeg(1))
  for (let at = 2; ; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at + 1]! < 0xc0 || bytes[at + 1]! > 0xc3) continue
    bytes.writeUInt16BE(height, at + 5)
    bytes.writeUInt16BE(width, at + 7)
    return bytes
  }
}

/** A progressive JPEG whose last scan comes again and again. */
async function manyScans(edge: number, count: number): Promise<Buffer> {
  const base = await sharp({
    create: { width: edge, height: edge, channels: 3, background: '#777' },
  })
    .jpeg({ progressive: true })
    .toBuffer()
  const last = base.lastIndexOf(Buffer.from([0xff, 0xda]))
  const scan = base.subarray(last, -2)
  return Buffer.concat([base.subarray(0, -2), ...Array.from({ length: count }, () => scan), base.subarray(-2)]) // prettier-ignore
}

/** A GIF of frames of one pixel, or of as many as are claimed. */
function gif(screen: number, frames: number, frameEdge = 1): Buffer {
  const head = Buffer.alloc(19)
  head.write('GIF89a', 'latin1')
  head.writeUInt16LE(screen, 6)
  head.writeUInt16LE(screen, 8)
  head[10] = 0x80
  head.fill(255, 16, 19)
  const frame = Buffer.from('21f9040001000000' + '2c0000000000000000' + '00' + '0202440100', 'hex')
  frame.writeUInt16LE(frameEdge, 13)
  frame.writeUInt16LE(frameEdge, 15)
  const all = Array.from({ length: frames }, () => frame)
  return Buffer.concat([head, ...all, Buffer.from([0x3b])])
}

/** A TIFF of grey pixels with these tags and no more than a hundred of its pixels. */
function tiff(width: number, height: number, more: [tag: number, value: number][] = []): Buffer {
  const tags = [[256, width], [257, height], [258, 8], [259, 1], [262, 1], [273, 8], [277, 1], [278, height], [279, 100], ...more] // prettier-ignore
  const file = Buffer.alloc(108 + 2 + tags.length * 12 + 4)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(108, 4)
  file.writeUInt16LE(tags.length, 108)
  tags.forEach(([tag, value], index) => {
    const at = 110 + index * 12
    file.writeUInt16LE(tag!, at)
    file.writeUInt16LE(4, at + 2)
    file.writeUInt32LE(1, at + 4)
    file.writeUInt32LE(value!, at + 8)
  })
  return file
}

const flat = (width: number, height: number, background = '#345') =>
  sharp({ create: { width, height, channels: 3, background } })
const rgb = 2
const rgba = 6

export const hostileFiles: HostileFile[] = [
  { name: 'a flat PNG of 196 megapixels', status: 400, bytes: () => png({ width: 14_000, height: 14_000, zeros: 1e6 }) }, // prettier-ignore
  { name: 'a PNG of 50 megapixels in 150 kB', status: 200, isHeavy: true, bytes: () => png({ width: 7070, height: 7070, type: rgb, zeros: 7070 * (1 + 7070 * 3) }) }, // prettier-ignore
  { name: 'an interlaced PNG of 50 megapixels and 16 bits', status: 200, isHeavy: true, bytes: () => flat(7000, 7000).toColourspace('rgb16').png({ progressive: true }).toBuffer() }, // prettier-ignore
  { name: 'a PNG with a thousandth of its pixels', status: 400, bytes: () => png({ width: 2000, height: 2000, type: rgb, zeros: 1000 }) }, // prettier-ignore
  { name: 'a PNG of 10 x 10 with 100 MB of pixels', status: 200, bytes: () => png({ width: 10, height: 10, type: rgb, zeros: 1e8 }) }, // prettier-ignore
  { name: 'a PNG of 2147483647 x 2147483647', status: 400, bytes: () => png({ width: 0x7fffffff, height: 0x7fffffff, zeros: 1000 }) }, // prettier-ignore
  { name: 'a PNG of 0 x 0', status: 400, bytes: () => png({ width: 0, height: 0, zeros: 10 }) },
  { name: 'a PNG with 100 MB of text in 100 kB', status: 200, bytes: () => png({ width: 10, height: 10, type: rgba, zeros: 410, extra: [chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(1e8))]))] }) }, // prettier-ignore
  { name: 'a PNG with 100 MB of a colour profile in 100 kB', status: 200, bytes: () => png({ width: 10, height: 10, type: rgb, zeros: 310, extra: [chunk('iCCP', Buffer.concat([Buffer.from('icc\0\0'), deflateSync(Buffer.alloc(1e8))]))] }) }, // prettier-ignore
  { name: 'a JPEG that claims 65500 x 65500', status: 400, bytes: () => claimed(65_500, 65_500) },
  { name: 'a JPEG that claims 7000 x 7000', status: 400, bytes: () => claimed(7000, 7000) },
  { name: 'a JPEG that claims 0 x 0', status: 400, bytes: () => claimed(0, 0) },
  { name: 'a JPEG of 1,000 scans', status: 400, bytes: () => manyScans(1000, 1000) },
  { name: 'a JPEG of 49 megapixels and 2,000 scans', status: 400, isHeavy: true, bytes: () => manyScans(7000, 2000) }, // prettier-ignore
  { name: 'a JPEG that is HTML within', status: 200, bytes: async () => Buffer.concat([await jpeg(1), Buffer.from('<!doctype html><script>alert(1)</script>')]) }, // prettier-ignore
  { name: 'a GIF of 20,000 frames', status: 200, bytes: () => gif(200, 20_000) },
  { name: 'a GIF of 800,000 frames', status: 200, isHeavy: true, bytes: () => gif(10, 800_000) },
  { name: 'a GIF with a screen of 65535 x 65535', status: 200, bytes: () => gif(65_535, 1) },
  { name: 'a GIF with a frame of 65535 x 65535', status: 400, bytes: () => gif(10, 1, 65_535) },
  { name: 'a WebP of 50 megapixels in 38 bytes', status: 200, isHeavy: true, bytes: () => flat(16_383, 3050).webp({ lossless: true, effort: 0 }).toBuffer() }, // prettier-ignore
  { name: 'an AVIF of 49 megapixels in 2 kB', status: 200, isHeavy: true, bytes: () => flat(7000, 7000).avif({ effort: 0, quality: 20 }).toBuffer() }, // prettier-ignore
  { name: 'a TIFF of 2000000 x 2000000', status: 400, bytes: () => tiff(2_000_000, 2_000_000) },
  {
    name: 'a TIFF with a hundred of 49 million pixels',
    status: 400,
    bytes: () => tiff(7000, 7000),
  },
  { name: 'a TIFF with a tile of 60000 x 60000', status: 400, bytes: () => tiff(100, 100, [[322, 60_000], [323, 60_000], [324, 8], [325, 100]]) }, // prettier-ignore
  {
    name: 'a TIFF of 40,000 channels',
    status: 400,
    bytes: () => tiff(1000, 1000, [[277, 40_000]]),
  },
  { name: 'an SVG that reads files and the net', status: 400, bytes: () => Buffer.from('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>') }, // prettier-ignore
  { name: 'an SVG behind the first bytes of a JPEG', status: 400, bytes: () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')]) }, // prettier-ignore
  { name: 'a PDF', status: 400, bytes: () => Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>') }, // prettier-ignore
  { name: 'a HEIC of nothing but its brand', status: 400, bytes: () => Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), Buffer.alloc(200)]) }, // prettier-ignore
  { name: 'a picture of 30000 x 1', status: 200, bytes: () => flat(30_000, 1).png().toBuffer() },
  { name: 'a picture of one pixel', status: 200, bytes: () => flat(1, 1).png().toBuffer() },
]
