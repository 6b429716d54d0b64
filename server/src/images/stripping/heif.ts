import { cannotStrip } from './strip-errors.ts'
import { boxesIn, type MediaBox } from './boxes.ts'

/** What pictures and films are made of; the rest is wiped. */
const neededAround = new Set([
  'ftyp',
  'meta',
  'mdat',
  'moov',
  'moof',
  'mfra',
  'sidx',
  'free',
  'skip',
])
const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl'])
/** In a film: what its maker said of it. */
const said = new Set(['udta', 'meta', 'uuid'])
/** Items of a picture that are no picture. */
const textual = new Set(['Exif', 'mime', 'uri '])
/** An EXIF block without an entry, and where it begins. */
const emptyExif = Buffer.from('000000004d4d002a00000008000000000000', 'hex')

/**
 * An AVIF or HEIC whose EXIF, XMP and other texts are wiped where they stand: places in these files are counted
 * from their beginning, so nothing may move.
 *
 * Source: ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12.
 *
 * @throws LookalikeError `unsupported` for texts in places that this does not know
 */
export function stripHeif(original: Buffer): Buffer {
  const bytes = Buffer.from(original)
  for (const box of boxesIn(bytes, 0, bytes.length)) {
    if (!neededAround.has(box.type)) wipeBox(bytes, box)
    else if (box.type === 'free' || box.type === 'skip') bytes.fill(0, box.start, box.end)
    else if (box.type === 'moov') wipeFilm(bytes, box)
    else if (box.type === 'meta') wipeItems(bytes, box)
  }
  return bytes
}

function wipeBox(bytes: Buffer, { at, start, end }: MediaBox): void {
  bytes.write('free', at + 4, 'latin1')
  bytes.fill(0, start, end)
}

function wipeFilm(bytes: Buffer, parent: MediaBox): void {
  for (const box of boxesIn(bytes, parent.start, parent.end)) {
    if (said.has(box.type)) wipeBox(bytes, box)
    else if (containers.has(box.type)) wipeFilm(bytes, box)
  }
}

function wipeItems(bytes: Buffer, meta: MediaBox): void {
  // It has a version in front of its boxes.
  const boxes = boxesIn(bytes, meta.start + 4, meta.end)
  const find = (type: string) => boxes.find((box) => box.type === type)
  for (const box of boxes) if (box.type === 'uuid' || box.type === 'xml ') wipeBox(bytes, box)
  const [names, places, data] = [find('iinf'), find('iloc'), find('idat')]
  if (!names || !places) return
  const texts = textItems(bytes, names)
  for (const { id, method, start, length } of extents(bytes, places)) {
    if (!texts.has(id)) continue
    const from = method === 0 ? start : method === 1 && data ? data.start + start : null
    if (from === null) throw cannotStrip('HEIF')
    const to = length === 0 ? bytes.length : Math.min(from + length, bytes.length)
    const isExif = texts.get(id) === 'Exif' && to - from >= emptyExif.length
    // Where texts are, only spaces are as empty.
    bytes.fill(texts.get(id) === 'Exif' ? 0 : 0x20, from, to)
    if (isExif) emptyExif.copy(bytes, from)
  }
}

/** Types of the items that are texts, by their ids. */
function textItems(bytes: Buffer, names: MediaBox): Map<number, string> {
  const version = bytes[names.start]!
  const first = names.start + 4 + (version === 0 ? 2 : 4)
  const items = new Map<number, string>()
  for (const entry of boxesIn(bytes, first, names.end)) {
    const entryVersion = bytes[entry.start]!
    if (entry.type !== 'infe' || entryVersion < 2) continue
    const isWide = entryVersion > 2
    const id = isWide ? bytes.readUInt32BE(entry.start + 4) : bytes.readUInt16BE(entry.start + 4)
    const typeAt = entry.start + (isWide ? 10 : 8)
    const type = bytes.toString('latin1', typeAt, typeAt + 4)
    if (textual.has(type)) items.set(id, type)
  }
  return items
}

interface Extent {
  readonly id: number
  /** 0: counted from the file's beginning, 1: within `idat`, 2: within another item. */
  readonly method: number
  readonly start: number
  readonly length: number
}

function extents(bytes: Buffer, places: MediaBox): Extent[] {
  const version = bytes[places.start]!
  let at = places.start + 4
  const sizes = bytes.readUInt16BE(at)
  const [offsetSize, lengthSize, baseSize, indexSize] = [12, 8, 4, 0].map((by) => (sizes >> by) & 15) as [number, number, number, number] // prettier-ignore
  at += 2
  const take = (size: number) => {
    const value = size === 8 ? Number(bytes.readBigUInt64BE(at)) : size === 4 ? bytes.readUInt32BE(at) : size === 2 ? bytes.readUInt16BE(at) : 0 // prettier-ignore
    at += size
    return value
  }
  const found: Extent[] = []
  const count = take(version < 2 ? 2 : 4)
  for (let item = 0; item < count; item++) {
    const id = take(version < 2 ? 2 : 4)
    const method = version > 0 ? take(2) & 15 : 0
    take(2)
    const base = take(baseSize)
    const pieces = take(2)
    for (let piece = 0; piece < pieces; piece++) {
      if (version > 0) take(indexSize)
      const start = base + take(offsetSize)
      found.push({ id, method, start, length: take(lengthSize) })
    }
  }
  return found
}
