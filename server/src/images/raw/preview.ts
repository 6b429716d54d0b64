import { readBoxes, type Box } from '../sniffing/boxes.ts'
import type { RawFormat } from '../image.ts'
import type { ByteSource } from '../sniffing/byte-source.ts'
import { damaged } from '../refusals.ts'
import { readJpegFrame, unreadJpeg, validOrientation, withOrientation } from '../sniffing/jpeg.ts'
import {
  readDirectoriesAt,
  readTiff,
  tiffTags,
  type Tiff,
  type TiffDirectory,
} from '../sniffing/tiff.ts'

interface Place {
  readonly at: number
  readonly bytes: number
}

/**
 * The largest JPEG that a camera put into its RAW file, made to say how it is to be turned. The sensor's data
 * are never developed. Candidates are those that the file's own directories name, never bytes that merely look like a JPEG.
 *
 * @returns null where the file has none
 * @throws LookalikeError `invalid_image` where one lies beyond the file's end
 */
export async function readPreview(source: ByteSource, format: RawFormat): Promise<Buffer | null> {
  const { places, orientation } = await candidates(source, format)
  let best: { place: Place; pixels: number; turned: number | undefined } | undefined
  for (const place of places) {
    if (place.at + place.bytes > source.size) throw damaged(format)
    const start = await source.read(place.at, 2)
    if (start.length < 2 || start.readUInt16BE(0) !== 0xffd8) continue
    const frame = await readJpegFrame(source, place.at)
    if (!frame || unreadJpeg(frame)) continue
    const pixels = frame.width * frame.height
    if (!best || pixels > best.pixels) best = { place, pixels, turned: frame.orientation }
  }
  if (!best) return null
  const jpeg = await source.read(best.place.at, best.place.bytes)
  return best.turned === undefined && orientation !== undefined
    ? withOrientation(jpeg, orientation)
    : jpeg
}

interface Candidates {
  readonly places: Place[]
  /** How the file says that its picture is turned, for previews that do not say it themselves. */
  readonly orientation: number | undefined
}

async function candidates(source: ByteSource, format: RawFormat): Promise<Candidates> {
  if (format === 'raf') return inRaf(source)
  if (format === 'cr3') return inCr3(source)
  const tiff = await readTiff(source)
  const places = tiff.directories.flatMap(inDirectory)
  return { places: [...places, ...(await inOlympusNote(source, tiff))], orientation: turnOf(tiff.directories) } // prettier-ignore
}

function turnOf(directories: readonly TiffDirectory[]): number | undefined {
  for (const { values } of directories) {
    const turn = validOrientation(values.get(tiffTags.orientation)?.[0])
    if (turn !== undefined) return turn
  }
  return undefined
}

function inDirectory({ base, values, places }: TiffDirectory): Place[] {
  const found: Place[] = []
  const [at] = values.get(tiffTags.jpegOffset) ?? []
  const [bytes] = values.get(tiffTags.jpegBytes) ?? []
  if (at && bytes) found.push({ at: base + at, bytes })
  const strips = values.get(tiffTags.stripOffsets) ?? []
  const [stripBytes] = values.get(tiffTags.stripBytes) ?? []
  const [compression] = values.get(tiffTags.compression) ?? []
  const [photometric = 0] = values.get(tiffTags.photometric) ?? []
  // 32803 and 34892 are the sensor's data, which may be coded as JPEG too.
  const isPicture = photometric !== 32_803 && photometric !== 34_892
  if (strips.length === 1 && stripBytes && isPicture && (compression === 6 || compression === 7)) {
    found.push({ at: base + strips[0]!, bytes: stripBytes })
  }
  const panasonic = places.get(tiffTags.panasonicJpeg)
  if (panasonic) found.push(panasonic)
  return found
}

/** Olympus keeps its preview in the maker's note. Source: ExifTool, "Olympus CameraSettings". */
async function inOlympusNote(source: ByteSource, { directories }: Tiff): Promise<Place[]> {
  for (const { places } of directories) {
    const note = places.get(tiffTags.makerNote)
    if (!note) continue
    const head = await source.read(note.at, 16)
    const name = head.toString('latin1', 0, 8)
    if (name !== 'OLYMPUS\0' && name !== 'OM SYSTE') continue
    const little = head[name === 'OLYMPUS\0' ? 8 : 12] === 0x49
    const start = name === 'OLYMPUS\0' ? 12 : 16
    const settings = await readPointer(source, note.at, start, little, 0x2020)
    if (settings === undefined) continue
    const at = await readPointer(source, note.at, settings, little, 0x101)
    const bytes = await readPointer(source, note.at, settings, little, 0x102)
    if (at && bytes) return [{ at: note.at + at, bytes }]
  }
  return []
}

async function readPointer(
  source: ByteSource,
  base: number,
  directory: number,
  little: boolean,
  wanted: number,
): Promise<number | undefined> {
  const count = await source.read(base + directory, 2)
  if (count.length < 2) return undefined
  const u16 = (bytes: Buffer, at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)) // prettier-ignore
  const entries = await source.read(base + directory + 2, Math.min(u16(count, 0), 500) * 12)
  for (let at = 0; at + 12 <= entries.length; at += 12) {
    if (u16(entries, at) !== wanted) continue
    return little ? entries.readUInt32LE(at + 8) : entries.readUInt32BE(at + 8)
  }
  return undefined
}

/** Fujifilm: a header that names its JPEG. Source: ExifTool, "RAF Header". */
async function inRaf(source: ByteSource): Promise<Candidates> {
  const head = await source.read(84, 8)
  if (head.length < 8) return { places: [], orientation: undefined }
  const place = { at: head.readUInt32BE(0), bytes: head.readUInt32BE(4) }
  return { places: [place], orientation: undefined }
}

const canonMetadata = 'uuid85c0b687820f11e08111f4ce462b6a48'
const canonPreview = 'uuideaf42b5e1c984b88b9fbb7dc406e4d16'

/** Canon's container of ISO boxes. Source: L. Clévy, "Canon CR3". */
async function inCr3(source: ByteSource): Promise<Candidates> {
  const top = await readBoxes(source, 0, source.size)
  const moov = await within(source, top, 'moov')
  const places: Place[] = []
  const preview = top.find(({ type }) => type === canonPreview)
  // Eight bytes that count stand before the box with the preview.
  if (preview) places.push(...(await inPreviewBoxes(source, preview.start + 8, preview.end)))
  for (const track of moov.filter(({ type }) => type === 'trak')) {
    places.push(...(await inTrack(source, track)))
  }
  const canon = moov.find(({ type }) => type === canonMetadata)
  const inner = canon ? await readBoxes(source, canon.start, canon.end) : []
  if (canon) places.push(...(await inPreviewBoxes(source, canon.start, canon.end)))
  const main = inner.find(({ type }) => type === 'CMT1')
  const directories = main ? await readInner(source, main) : []
  return { places, orientation: turnOf(directories) }
}

async function readInner(source: ByteSource, { start }: Box): Promise<TiffDirectory[]> {
  const head = await source.read(start, 8)
  if (head.length < 8) return []
  const little = head[0] === 0x49
  const at = little ? head.readUInt32LE(4) : head.readUInt32BE(4)
  return readDirectoriesAt(source, little, at, start)
}

/** The JPEG in a PRVW or THMB box begins after a short head of fixed fields. */
async function inPreviewBoxes(source: ByteSource, from: number, to: number): Promise<Place[]> {
  const boxes = (await readBoxes(source, from, to)).filter(({ type }) => type === 'PRVW' || type === 'THMB') // prettier-ignore
  const found: Place[] = []
  for (const { start, end } of boxes) {
    const head = await source.read(start, 32)
    const offset = head.indexOf(Buffer.from([0xff, 0xd8, 0xff]))
    if (offset !== -1) found.push({ at: start + offset, bytes: end - start - offset })
  }
  return found
}

/** A track of one sample, which is where the JPEG of full size lies. */
async function inTrack(source: ByteSource, track: Box): Promise<Place[]> {
  const media = await within(source, await readBoxes(source, track.start, track.end), 'mdia')
  const table = await within(source, await within(source, media, 'minf'), 'stbl')
  const sizes = table.find(({ type }) => type === 'stsz')
  const offsets = table.find(({ type }) => type === 'co64' || type === 'stco')
  if (!sizes || !offsets) return []
  const size = await source.read(sizes.start, 16)
  const offset = await source.read(offsets.start, 16)
  if (size.length < 12 || offset.length < 16) return []
  const bytes = size.readUInt32BE(4) || (size.length >= 16 ? size.readUInt32BE(12) : 0)
  const at = offsets.type === 'co64' ? Number(offset.readBigUInt64BE(8)) : offset.readUInt32BE(8)
  return bytes > 0 ? [{ at, bytes }] : []
}

async function within(source: ByteSource, boxes: Box[], type: string): Promise<Box[]> {
  const box = boxes.find((each) => each.type === type)
  return box ? readBoxes(source, box.start, box.end) : []
}
