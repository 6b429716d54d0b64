import { LookalikeError } from '../errors.ts'
import { flatten, hideOutside } from './colour/flatten.ts'
import { costFrom, costOf, type Cost } from './cost.ts'
import type { DecodeGate } from './decode-gate.ts'
import { DecoderProcesses } from './decoders/apart.ts'
import type { Task } from './decoders/judge.ts'
import { MorePixels, readPixels, type Pixels } from './decoders/pixels.ts'
import { imageFormats, normalisedEdge, type ImageFormat, type NormalisedImage } from './image.ts'
import { readPreview } from './raw/preview.ts'
import { checkBytes, checkPixels, notRead } from './refusals.ts'
import { openBytes, type ByteSource } from './sniffing/byte-source.ts'
import { readFirstFrame } from './sniffing/gif.ts'
import { readJpegFrame, unreadJpeg } from './sniffing/jpeg.ts'
import { isRawFormat, sniff, type Sniffed } from './sniffing/sniff.ts'
import { readTiffLayout, withoutOtherDirectories, type TiffLayout } from './sniffing/tiff-layout.ts'
import { alphaChannel, unreadCompression, unreadTiff } from './sniffing/tiff-reasons.ts'

const accepted = imageFormats.map((format) => format.toUpperCase()).join(', ')
const apart: readonly ImageFormat[] = ['heic', 'jxl', 'bmp']
const processes = new DecoderProcesses()
/** Of one picture that libvips decodes in this process, which takes it moments. */
const smallSeconds = 20
/** A picture may take this much however little memory there is for all: what the costliest format takes. */
const maxBytesPerPixel = 26
const maxFixedBytes = 100e6

export interface DecodeOptions {
  /** The longest that the decoded picture may be, in pixels; usually `normalisedEdge`. */
  readonly edge?: number | undefined
  /** Where the picture waits for its memory; without one it waits for nothing. */
  readonly gate?: DecodeGate | undefined
  readonly signal?: AbortSignal | undefined
  /** Waits as long as it takes, see {@link DecodeGate}. */
  readonly patient?: boolean | undefined
}

/** `decodeImage` with the limits of a server. */
export type Decode = (
  file: string | Uint8Array,
  options?: Omit<DecodeOptions, 'gate'>,
) => Promise<NormalisedImage>

/**
 * Decodes an image file once into the form everything else works on: upright, sRGB, 8 bit, opaque,
 * long edge bounded, first frame only; of a RAW, its preview.
 *
 * @param file its path, whose name plays no part, or its bytes
 * @param maxMegapixels refused above this, before a pixel is decoded
 * @throws LookalikeError `invalid_image`, `image_too_many_pixels`, and `overloaded` by the gate
 */
export async function decodeImage(
  file: string | Uint8Array,
  maxMegapixels: number,
  options: DecodeOptions = {},
): Promise<NormalisedImage> {
  const source = await openBytes(file)
  try {
    const sniffed = await sniff(source)
    if (!sniffed.format) {
      throw new LookalikeError(
        'invalid_image',
        `The file is ${sniffed.looksLike}. Lookalike reads ${accepted}: send one of those.`,
      )
    }
    const { format } = sniffed
    const { cost: usual, ...prepared } = await prepare(source, file, { ...sniffed, format }, maxMegapixels) // prettier-ignore
    const task = { ...prepared, maxMegapixels, edge: options.edge ?? normalisedEdge }
    const cost = withLargeOutput(usual, task.edge, source.size)
    const decoded = await decodeInTurn(source, task, cost, options).catch((error: unknown) => {
      if (!(error instanceof MorePixels)) throw error
      const bytes = cost.bytes + error.pixels * maxBytesPerPixel
      return decodeInTurn(source, task, costFrom(bytes, error.pixels, source.size), options)
    })
    const frame = format === 'gif' ? await readFirstFrame(source) : undefined
    const { data, channels, width, height, source: size } = frame ? hideOutside(decoded, frame) : decoded // prettier-ignore
    const rgb = channels === 4 ? flatten(data) : data
    return { rgb, width, height, source: { format, ...size } }
  } finally {
    await source.close()
  }
}

/** A picture that stays larger than usual takes room itself: as it is read, and flattened. */
function withLargeOutput(cost: Cost, edge: number, fileBytes: number): Cost {
  if (edge <= normalisedEdge) return cost
  return costFrom(cost.bytes + 7 * Math.min(cost.pixels, edge ** 2), cost.pixels, fileBytes)
}

type Prepared = Omit<Task, 'maxMegapixels' | 'edge'> & { readonly cost: Cost }

/** What is to be decoded, which for a RAW is a JPEG within, and whatever is not read is refused. */
async function prepare(
  source: ByteSource,
  file: string | Uint8Array,
  { format, tiff }: Sniffed & { format: ImageFormat },
  maxMegapixels: number,
): Promise<Prepared> {
  if (isRawFormat(format)) {
    const preview = await readPreview(source, format)
    if (!preview) throw notRead(`a RAW photograph (${format.toUpperCase()}) without a preview, and only previews of RAW are read`) // prettier-ignore
    const cost = await foresee(await openBytes(preview), { format: 'jpeg' }, maxMegapixels)
    return { file: preview, format: 'jpeg', alpha: undefined, cost }
  }
  const first = tiff?.first
  const unread = first && unreadTiff(first)
  if (unread) throw notRead(unread)
  const layout = format === 'tiff' ? await readTiffLayout(source) : undefined
  const cost = await foresee(source, { format, layout }, maxMegapixels)
  const decodable = layout ? await withoutOtherDirectories(source, file, layout) : format === 'avif' ? await asStill(source, file) : file // prettier-ignore
  return { file: decodable, format, alpha: first && alphaChannel(first), cost }
}

/** @throws LookalikeError for a picture that is larger, or takes more, than any may */
async function foresee(
  source: ByteSource,
  { format, layout }: { format: ImageFormat; layout?: TiffLayout | undefined },
  maxMegapixels: number,
): Promise<Cost> {
  const frame = format === 'jpeg' ? await readJpegFrame(source) : undefined
  const { dimensions, ...cost } = await costOf(source, { format, frame, layout }, maxMegapixels)
  if (dimensions) checkPixels(dimensions.width, dimensions.height, maxMegapixels)
  if (layout?.tile) checkPixels(layout.tile.width, layout.tile.height, maxMegapixels)
  checkBytes(cost.bytes, maxFixedBytes + maxMegapixels * 1e6 * maxBytesPerPixel + 10 * source.size)
  return cost
}

async function decodeInTurn(
  source: ByteSource,
  task: Task,
  cost: Cost,
  { gate, signal, patient }: DecodeOptions,
): Promise<Pixels> {
  const leave = await gate?.enter(cost, { ...(signal && { signal }), ...(patient && { patient }) })
  try {
    return await decode(source, task, cost, signal)
  } finally {
    leave?.()
  }
}

/** libvips goes by the first brand of a file, and takes neither a film nor a brand that it does not know. */
async function asStill(
  source: ByteSource,
  file: string | Uint8Array,
): Promise<string | Uint8Array> {
  const major = (await source.read(8, 4)).toString('latin1')
  if (major === 'avif' || major === 'mif1') return file
  const still = Buffer.from(await source.whole())
  still.write('avif', 8, 'latin1')
  return still
}

/**
 * What takes long, or much, is decoded in a process of its own: it can be ended, and its memory goes back to the system
 * with it.
 */
async function decode(
  source: ByteSource,
  task: Task,
  { isSmall, pixels }: Cost,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const inProcess = () => processes.decode(task, pixels, signal)
  if (apart.includes(task.format)) return inProcess()
  const { file, maxMegapixels, edge, alpha } = task
  try {
    if (!isSmall) return await inProcess()
    const limits = { maxPixels: pixels, seconds: smallSeconds }
    return await readPixels(file, { maxMegapixels, edge, failOn: 'warning', alpha, ...limits })
  } catch (error) {
    if (error instanceof MorePixels || signal?.aborted) throw error
    if (error instanceof LookalikeError && error.code !== 'invalid_image') throw error
    const reason = await reasonAgainst(source, task)
    if (reason) throw notRead(reason, error)
    if (error instanceof LookalikeError) throw error
    // A complaint that libvips has not kept apart from those about pictures decoded meanwhile: looked at alone.
    return inProcess()
  }
}

/** Why a sound file cannot be decoded here. */
async function reasonAgainst(
  source: ByteSource,
  { file, format }: Task,
): Promise<string | undefined> {
  if (format === 'tiff') {
    const sniffed = await sniff(source)
    const first = sniffed.format && sniffed.tiff?.first
    return first ? unreadCompression(first) : undefined
  }
  if (format === 'jpeg') {
    const frame = await readJpegFrame(typeof file === 'string' ? source : await openBytes(file))
    return frame && unreadJpeg(frame)
  }
  if (format === 'png') {
    const first = (await source.read(12, 4)).toString('latin1')
    if (first === 'CgBI') return 'a PNG in a form that only Apple reads'
  }
  return undefined
}
