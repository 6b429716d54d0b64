import { readBoxes } from './boxes.ts'
import type { ByteSource } from './byte-source.ts'
import { readFirstFrame } from './gif.ts'
import { readJpegXlSize } from './jpeg-xl-size.ts'

/** What a file says of its picture before anything of it is decoded. */
export interface Dimensions {
  readonly width: number
  readonly height: number
  /** Whether it is coded so that it can only be decoded whole, such as interlaced or lossless. */
  readonly isWhole?: boolean
  /** Bits of a pixel, where they vary. */
  readonly bits?: number
}

type Reader = (source: ByteSource) => Promise<Dimensions | undefined>

const pngChannels: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** Source: PNG (W3C), 11.2.1. */
const png: Reader = async (source) => {
  const header = await source.read(16, 13)
  if (header.length < 13) return undefined
  return {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    bits: header[8]! * (pngChannels[header[9]!] ?? 4),
    isWhole: header[12] !== 0,
  }
}

/** Source: RFC 9649. */
const webp: Reader = async (source) => {
  const head = await source.read(12, 18)
  if (head.length < 18) return undefined
  const kind = head.toString('latin1', 0, 4)
  if (kind === 'VP8 ') {
    return { width: head.readUInt16LE(14) & 0x3fff, height: head.readUInt16LE(16) & 0x3fff }
  }
  if (kind === 'VP8L') {
    const bits = head.readUInt32LE(9)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1, isWhole: true }
  }
  return { width: head.readUIntLE(12, 3) + 1, height: head.readUIntLE(15, 3) + 1, isWhole: true }
}

/** The first frame, for a screen may be announced that nothing fills. */
const gif: Reader = async (source) => {
  const frame = await readFirstFrame(source)
  return frame && { width: frame.left + frame.width, height: frame.top + frame.height }
}

const bmp: Reader = async (source) => {
  const head = await source.read(14, 12)
  if (head.length < 12) return undefined
  const isOld = head.readUInt32LE(0) === 12
  return isOld
    ? { width: head.readUInt16LE(4), height: head.readUInt16LE(6) }
    : { width: Math.abs(head.readInt32LE(4)), height: Math.abs(head.readInt32LE(8)) }
}

/** The largest of the pictures in the file. Source: ISO/IEC 23008-12, 6.5.3. */
const heif: Reader = async (source) => {
  const meta = (await readBoxes(source, 0, source.size)).find(({ type }) => type === 'meta')
  // A version and flags stand before what is within.
  const inMeta = meta ? await readBoxes(source, meta.start + 4, meta.end) : []
  const properties = inMeta.find(({ type }) => type === 'iprp')
  const inProperties = properties ? await readBoxes(source, properties.start, properties.end) : []
  const container = inProperties.find(({ type }) => type === 'ipco')
  const all = container ? await readBoxes(source, container.start, container.end) : []
  let largest: Dimensions | undefined
  for (const { start } of all.filter(({ type }) => type === 'ispe')) {
    const size = await source.read(start + 4, 8)
    if (size.length < 8) continue
    const [width, height] = [size.readUInt32BE(0), size.readUInt32BE(4)]
    if (!largest || width * height > largest.width * largest.height) largest = { width, height }
  }
  return largest
}

const readers: Record<string, Reader> = { png, webp, gif, bmp, avif: heif, heic: heif, jxl: readJpegXlSize } // prettier-ignore

/** @returns undefined where the file does not say, or is of a format with a reader of its own */
export function readDimensions(
  source: ByteSource,
  format: string,
): Promise<Dimensions | undefined> {
  return readers[format]?.(source) ?? Promise.resolve(undefined)
}
