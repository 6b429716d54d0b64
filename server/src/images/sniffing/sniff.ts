import { fileTypeFromBuffer } from 'file-type'
import { rawFormats, type ImageFormat, type RawFormat } from '../image.ts'
import type { ByteSource } from './byte-source.ts'
import { readJpegFrame } from './jpeg.ts'
import { readTiff, tiffTags, type Tiff } from './tiff.ts'

/** Either an accepted format, or what the bytes are instead, such as "HTML (text/html)". */
export type Sniffed =
  | { readonly format: ImageFormat; readonly tiff?: Tiff }
  | { readonly format: null; readonly looksLike: string }

const sniffedBytes = 4100

/**
 * Tells a file's format from its bytes alone, because names and Content-Type headers are the sender's
 * claim: by its signature, and where a signature is shared (TIFF with RAW, HEIC with AVIF and films) by what
 * its directory or its brands say.
 */
export async function sniff(source: ByteSource): Promise<Sniffed> {
  const head = await source.read(0, sniffedBytes)
  if (head.length === 0) return { format: null, looksLike: 'empty' }
  const signed = bySignature(head)
  if (signed) return { format: signed }
  if (isTiff(head)) return tiffOrRaw(source, head)
  const boxed = byBrands(head)
  if (boxed) return { format: boxed }
  // Stray bytes may stand before the first segment, too.
  if (head[0] === 0xff && head[1] === 0xd8 && (await readJpegFrame(source)))
    return { format: 'jpeg' }
  const type = await fileTypeFromBuffer(head)
  const text = describeText(head)
  if (text) return { format: null, looksLike: text }
  if (type) return { format: null, looksLike: `${type.ext.toUpperCase()} (${type.mime})` }
  return { format: null, looksLike: 'bytes of no known file type' }
}

function bySignature(head: Buffer): ImageFormat | undefined {
  const text = head.toString('latin1', 0, 32)
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif'
  if (text.startsWith('\xff\x0a') || text.startsWith('\0\0\0\x0cJXL \r\n\x87\n')) return 'jxl'
  if (text.startsWith('FUJIFILMCCD-RAW')) return 'raf'
  if (text.startsWith('BM') && isBmpHeader(head)) return 'bmp'
  return undefined
}

/** Two letters are too few to go by: a text may begin with them. */
function isBmpHeader(head: Buffer): boolean {
  return head.length >= 18 && [12, 16, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14))
}

function isTiff(head: Buffer): boolean {
  const order = head.toString('latin1', 0, 2)
  if (order !== 'II' && order !== 'MM') return false
  const version = order === 'II' ? head.subarray(2, 4) : head.subarray(2, 4).toReversed()
  const olympus = ['RO', 'RS', 'OR'].includes(head.toString('latin1', 2, 4))
  return olympus || (version[1] === 0 && [0x2a, 0x2b, 0x55].includes(version[0]!))
}

async function tiffOrRaw(source: ByteSource, head: Buffer): Promise<Sniffed> {
  const magic = head.toString('latin1', 0, 4)
  if (magic.includes('R')) return { format: 'orf' }
  if (head[2] === 0x55 || head[3] === 0x55) return { format: 'rw2' }
  if (head.toString('latin1', 8, 10) === 'CR' && head[10] === 2) return { format: 'cr2' }
  // A BigTIFF is left to libtiff: no camera writes one.
  if (head[2] === 0x2b || head[3] === 0x2b) return { format: 'tiff' }
  const tiff = await readTiff(source)
  return { format: isRaw(tiff) ? rawFormatOf(tiff) : 'tiff', tiff }
}

const sensorPhotometrics = [32_803, 34_892]
const sensorCompressions = [32_767, 34_713, 65_535]

/** A RAW says that it has a sensor's data, or has a small picture where a TIFF has its main one. */
function isRaw({ directories, first }: Tiff): boolean {
  if (!first) return false
  if (first.values.has(tiffTags.dngVersion)) return true
  const hasSensor = directories.some(
    ({ values }) =>
      sensorPhotometrics.includes(values.get(tiffTags.photometric)?.[0] ?? 0) ||
      sensorCompressions.includes(values.get(tiffTags.compression)?.[0] ?? 0),
  )
  if (hasSensor) return true
  const hasMain = first.values.has(tiffTags.stripOffsets) || first.values.has(tiffTags.tileOffsets)
  const isReduced = ((first.values.get(tiffTags.subfileType)?.[0] ?? 0) & 1) === 1
  const hasInner = first.values.has(tiffTags.subDirectories)
  const isCamera = first.make !== '' && directories.some(({ values }) => values.has(tiffTags.jpegOffset)) // prettier-ignore
  return isCamera && (!hasMain || (isReduced && hasInner))
}

const makers: [RegExp, RawFormat][] = [
  [/^nikon/i, 'nef'],
  [/^sony/i, 'arw'],
  [/^canon/i, 'cr2'],
  [/^(olympus|om digital)/i, 'orf'],
  [/^(panasonic|leica)/i, 'rw2'],
  [/^fuji/i, 'raf'],
  [/^(pentax|ricoh)/i, 'pef'],
  [/^samsung/i, 'srw'],
]

function rawFormatOf({ first, directories }: Tiff): RawFormat {
  if (first!.values.has(tiffTags.dngVersion)) return 'dng'
  const make = directories.find((directory) => directory.make)?.make ?? ''
  return makers.find(([pattern]) => pattern.test(make))?.[1] ?? 'dng'
}

export function isRawFormat(format: ImageFormat): format is RawFormat {
  return (rawFormats as readonly string[]).includes(format)
}

const brandFormats: [string[], ImageFormat][] = [
  [['avif', 'avis'], 'avif'],
  [['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'], 'heic'],
  [['crx '], 'cr3'],
]
/** Say that it is a still of this family, and not how it is coded. */
const openBrands = ['mif1', 'mif2', 'msf1', 'miaf', 'unif', 'heif']

/** The major brand decides where it can, the compatible ones where it says too little. Source: ISO/IEC 23008-12, 10. */
function byBrands(head: Buffer): ImageFormat | undefined {
  if (head.toString('latin1', 4, 8) !== 'ftyp') return undefined
  const end = Math.min(head.readUInt32BE(0), head.length)
  const brands = [head.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4))
  for (const brand of brands) {
    const format = brandFormats.find(([known]) => known.includes(brand))?.[1]
    if (format) return format
  }
  return brands.some((brand) => openBrands.includes(brand)) ? 'heic' : undefined
}

function describeText(head: Uint8Array): string | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return undefined
  }
  if (text.includes('\0')) return undefined
  if (/<svg[\s>]/i.test(text)) return 'SVG (image/svg+xml)'
  if (/^\s*(<!doctype html|<html)/i.test(text)) return 'HTML (text/html)'
  if (/^\s*<\?xml/.test(text)) return 'XML (application/xml)'
  return 'plain text'
}
