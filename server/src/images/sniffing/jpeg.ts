import type { ByteSource } from './byte-source.ts'

export interface JpegFrame {
  /** The marker that says how it is coded: 0xc0 baseline, 0xc2 progressive ... */
  readonly coding: number
  readonly bits: number
  readonly width: number
  readonly height: number
  /** Samples for each pixel: 1 for grey, 1.5 with colours at a quarter of the size, 3 with all of them. */
  readonly samples: number
  /** EXIF orientation, 1 to 8; undefined where the file says nothing. */
  readonly orientation: number | undefined
}

const maxSegments = 500
/** A frame header of four components, more than which no picture here has. */
const maxFrameBytes = 22

/**
 * Reads the segments of a JPEG that begins at `start`, up to its frame header.
 *
 * @returns undefined where there is none
 */
export async function readJpegFrame(source: ByteSource, start = 0): Promise<JpegFrame | undefined> {
  let at = start + 2
  let orientation: number | undefined
  for (let segments = 0; segments < maxSegments; segments++) {
    at = await nextMarker(source, at)
    const segment = await source.read(at, maxFrameBytes)
    if (segment.length < 4) return undefined
    const marker = segment[1]!
    if (isFrame(marker)) {
      if (segment.length < 9) return undefined
      return {
        coding: marker,
        bits: segment[4]!,
        height: segment.readUInt16BE(5),
        width: segment.readUInt16BE(7),
        samples: samplesOf(segment),
        orientation,
      }
    }
    if (marker === 0xd9 || marker === 0xda) return undefined
    const bytes = standsAlone(marker) ? 0 : segment.readUInt16BE(2)
    if (marker === 0xe1) orientation ??= readExifOrientation(await source.read(at + 4, bytes - 2))
    at += 2 + bytes
  }
  return undefined
}

/** What a JPEG is that is sound but not read here; undefined for what is. */
export function unreadJpeg({ coding, bits }: JpegFrame): string | undefined {
  const name =
    coding === 0xc3 || coding === 0xc7 || coding === 0xcb || coding === 0xcf
      ? 'a lossless JPEG'
      : coding === 0xf7
        ? 'a JPEG-LS'
        : coding === 0xc5 || coding === 0xc6 || coding === 0xcd || coding === 0xce
          ? 'a hierarchical JPEG'
          : bits !== 8
            ? `a JPEG of ${bits} bits`
            : undefined
  return name && `${name}, which is not read here`
}

function samplesOf(segment: Buffer): number {
  const areas: number[] = []
  for (let at = 11; at < segment.length && areas.length < (segment[9] ?? 0); at += 3) {
    areas.push((segment[at]! >> 4) * (segment[at]! & 15))
  }
  // What is no factor of a sound file is as costly as can be.
  const largest = Math.max(...areas)
  return largest > 0 ? areas.reduce((sum, area) => sum + area, 0) / largest : 4
}

/** Stray bytes between segments are passed by, as every viewer does. */
async function nextMarker(source: ByteSource, from: number): Promise<number> {
  for (let at = from; at < source.size; at += 4096) {
    const piece = await source.read(at, 4097)
    for (let index = 0; index + 1 < piece.length; index++) {
      const marker = piece[index + 1]!
      if (piece[index] === 0xff && marker !== 0 && marker !== 0xff) return at + index
    }
  }
  return source.size
}

function isFrame(marker: number): boolean {
  const coded = marker >= 0xc0 && marker <= 0xcf
  return marker === 0xf7 || (coded && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}

/** Of an APP1 segment, without its marker and length. */
export function readExifOrientation(segment: Buffer): number | undefined {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0') return undefined
  return readTiffOrientation(segment.subarray(6))
}

/** Of an EXIF block: 1 to 8, as it stands there; undefined where it says nothing. */
export function readTiffOrientation(tiff: Buffer): number | undefined {
  const little = tiff[0] === 0x49
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
  try {
    const directory = u32(4)
    const count = u16(directory)
    for (let index = 0; index < count; index++) {
      const entry = directory + 2 + index * 12
      if (u16(entry) === 0x112) return validOrientation(u16(entry + 8))
    }
  } catch {
    // An EXIF block that breaks off says nothing.
  }
  return undefined
}

export function validOrientation(value: number | undefined): number | undefined {
  return value !== undefined && value >= 1 && value <= 8 ? value : undefined
}

/** The same JPEG with an EXIF block in front that says how it is to be turned, and nothing else. */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.from('ffe100224578696600004d4d002a000000080001011200030000000100000000' + '00000000', 'hex') // prettier-ignore
  exif.writeUInt16BE(orientation, 28)
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)])
}
