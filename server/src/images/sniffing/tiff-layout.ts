import { damaged } from '../refusals.ts'
import type { ByteSource } from './byte-source.ts'

/** What the first directory of a TIFF or BigTIFF says of its picture, and where it leads on. */
export interface TiffLayout {
  readonly width: number
  readonly height: number
  readonly samples: number
  /** Of one sample. */
  readonly bits: number
  /** Undefined where the picture lies in strips. */
  readonly tile: { readonly width: number; readonly height: number } | undefined
  /** Where the place of the next directory is written; 0 there says that it is the last. */
  readonly link: { readonly at: number; readonly bytes: 4 | 8; readonly next: number }
}

const tags = { width: 256, height: 257, bits: 258, samples: 277, tileWidth: 322, tileHeight: 323 }
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]
/** A picture has some twenty, a scientific one some fifty. */
const maxEntries = 1000

/**
 * Reads one directory, whatever chain or circle of others it begins: only the first picture is read.
 *
 * @throws LookalikeError `invalid_image` for a directory that breaks off, has too many entries, or values longer than
 * the file
 */
export async function readTiffLayout(source: ByteSource): Promise<TiffLayout> {
  const head = await source.read(0, 16)
  if (head.length < 16) throw damaged('tiff')
  const little = head[0] === 0x49
  const isBig = head[2] === 0x2b || head[3] === 0x2b
  const u16 = (bytes: Buffer, at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)) // prettier-ignore
  const u32 = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) // prettier-ignore
  const u64 = (bytes: Buffer, at: number) => Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)) // prettier-ignore
  const word = isBig ? 8 : 4
  const place = isBig ? u64 : u32
  const directory = isBig ? u64(head, 8) : u32(head, 4)
  const countBytes = isBig ? 8 : 2
  const counted = await source.read(directory, countBytes)
  if (counted.length < countBytes) throw damaged('tiff')
  const count = isBig ? u64(counted, 0) : u16(counted, 0)
  if (count > maxEntries) throw damaged('tiff')
  const entryBytes = isBig ? 20 : 12
  const body = await source.read(directory + countBytes, count * entryBytes + word)
  if (body.length < count * entryBytes) throw damaged('tiff')
  const values = new Map<number, number>()
  for (let at = 0; at < count * entryBytes; at += entryBytes) {
    const type = u16(body, at + 2)
    const unit = typeBytes[type] ?? 0
    const number = place(body, at + 4)
    if (unit * number > source.size) throw damaged('tiff')
    const value = body.subarray(at + 4 + word, at + entryBytes)
    // Of several, as bits of each sample, the first.
    const inside = unit * number <= word ? value : await source.read(place(value, 0), unit)
    if (inside.length < unit || number === 0) continue
    if (unit === 2) values.set(u16(body, at), u16(inside, 0))
    else if (unit === 4) values.set(u16(body, at), u32(inside, 0))
    else if (unit === 8) values.set(u16(body, at), u64(inside, 0))
  }
  const tileWidth = values.get(tags.tileWidth)
  const tileHeight = values.get(tags.tileHeight)
  const hasLink = body.length >= count * entryBytes + word
  return {
    width: values.get(tags.width) ?? 0,
    height: values.get(tags.height) ?? 0,
    samples: values.get(tags.samples) ?? 1,
    bits: values.get(tags.bits) ?? 1,
    tile: tileWidth && tileHeight ? { width: tileWidth, height: tileHeight } : undefined,
    link: {
      at: directory + countBytes + count * entryBytes,
      bytes: word,
      next: hasLink ? place(body, count * entryBytes) : 0,
    },
  }
}

/**
 * The same file with its first directory alone: decoders walk through all of a chain, be it 100,000 long, before they
 * look at the first picture.
 *
 * @returns the file itself where it has only one
 */
export async function withoutOtherDirectories(
  source: ByteSource,
  file: string | Uint8Array,
  { link }: TiffLayout,
): Promise<string | Uint8Array> {
  if (link.next === 0) return file
  const whole = Buffer.from(await source.whole())
  whole.fill(0, link.at, link.at + link.bytes)
  return whole
}
