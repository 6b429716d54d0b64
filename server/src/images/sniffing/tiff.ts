import type { ByteSource } from './byte-source.ts'

/** The tags that are read, by their names in TIFF 6.0, TIFF/EP and the makers' own. */
export const tiffTags = {
  subfileType: 0xfe,
  width: 0x100,
  height: 0x101,
  bits: 0x102,
  compression: 0x103,
  photometric: 0x106,
  make: 0x10f,
  stripOffsets: 0x111,
  orientation: 0x112,
  samples: 0x115,
  stripBytes: 0x117,
  tileOffsets: 0x144,
  subDirectories: 0x14a,
  extraSamples: 0x152,
  sampleFormat: 0x153,
  jpegOffset: 0x201,
  jpegBytes: 0x202,
  exif: 0x8769,
  makerNote: 0x927c,
  dngVersion: 0xc612,
  panasonicJpeg: 0x2e,
} as const

const wanted = new Set<number>(Object.values(tiffTags))
/** A file can name directories without end, or one that leads back. */
const maxDirectories = 40
const maxEntries = 1000
const maxValues = 64
const maxText = 64

export interface TiffDirectory {
  /** What offsets in it count from. */
  readonly base: number
  readonly values: ReadonlyMap<number, readonly number[]>
  readonly make: string
  /** Where each value that did not fit into its entry lies, and its bytes. */
  readonly places: ReadonlyMap<number, { at: number; bytes: number }>
}

export interface Tiff {
  /** The first is the file's main picture; then those that follow, and those within. */
  readonly directories: readonly TiffDirectory[]
  readonly first: TiffDirectory | undefined
}

interface Walk {
  readonly source: ByteSource
  readonly little: boolean
  readonly directories: TiffDirectory[]
  readonly seen: Set<number>
}

const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]

/** Reads the directories of a TIFF, or of a RAW that is built like one; never more than a bounded part of it. */
export async function readTiff(source: ByteSource): Promise<Tiff> {
  const head = await source.read(0, 8)
  const little = head[0] === 0x49
  const walk: Walk = { source, little, directories: [], seen: new Set() }
  if (head.length === 8) await readChain(walk, u32(head, 4, little), 0)
  return { directories: walk.directories, first: walk.directories[0] }
}

/** Reads the directories that begin at `at`, with offsets that count from `base`. */
export async function readDirectoriesAt(
  source: ByteSource,
  little: boolean,
  at: number,
  base: number,
): Promise<TiffDirectory[]> {
  const walk: Walk = { source, little, directories: [], seen: new Set() }
  await readChain(walk, at, base)
  return walk.directories
}

async function readChain(walk: Walk, start: number, base: number): Promise<void> {
  let at = start
  while (at > 0 && !walk.seen.has(base + at) && walk.directories.length < maxDirectories) {
    walk.seen.add(base + at)
    const count = await walk.source.read(base + at, 2)
    if (count.length < 2) return
    const entries = u16(count, 0, walk.little)
    if (entries === 0 || entries > maxEntries) return
    const bytes = await walk.source.read(base + at + 2, entries * 12 + 4)
    if (bytes.length < entries * 12) return
    const directory = await readDirectory(walk, bytes, entries, base)
    walk.directories.push(directory)
    for (const inner of directory.values.get(tiffTags.subDirectories) ?? []) {
      await readChain(walk, inner, base)
    }
    const [exif] = directory.values.get(tiffTags.exif) ?? []
    if (exif) await readChain(walk, exif, base)
    at = bytes.length >= entries * 12 + 4 ? u32(bytes, entries * 12, walk.little) : 0
  }
}

async function readDirectory(
  { source, little }: Walk,
  bytes: Buffer,
  entries: number,
  base: number,
): Promise<TiffDirectory> {
  const values = new Map<number, number[]>()
  const places = new Map<number, { at: number; bytes: number }>()
  let make = ''
  for (let entry = 0; entry < entries * 12; entry += 12) {
    const tag = u16(bytes, entry, little)
    if (!wanted.has(tag)) continue
    const type = u16(bytes, entry + 2, little)
    const count = u32(bytes, entry + 4, little)
    const size = (typeBytes[type] ?? 0) * count
    const inside = size <= 4
    const at = inside ? 0 : base + u32(bytes, entry + 8, little)
    if (!inside) places.set(tag, { at, bytes: size })
    const unit = typeBytes[type] || 1
    const limit = tag === tiffTags.make ? maxText : maxValues * unit
    const read = Math.min(size, limit)
    const value = inside ? bytes.subarray(entry + 8, entry + 8 + size) : await source.read(at, read)
    if (tag === tiffTags.make) make = value.toString('latin1').replace(/\0.*$/s, '').trim()
    else values.set(tag, numbers(value, unit, little))
  }
  return { base, values, make, places }
}

function numbers(bytes: Buffer, unit: number, little: boolean): number[] {
  const read = unit === 1 ? u8 : unit === 2 ? u16 : u32
  const found: number[] = []
  for (let at = 0; at + unit <= bytes.length; at += unit) found.push(read(bytes, at, little))
  return found
}

const u8 = (bytes: Buffer, at: number) => bytes[at]!
const u16 = (bytes: Buffer, at: number, little: boolean) =>
  little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
const u32 = (bytes: Buffer, at: number, little: boolean) =>
  little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
