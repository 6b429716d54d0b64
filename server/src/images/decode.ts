import { LookalikeError } from '../errors.ts'
import { flatten, hideOutside } from './colour/flatten.ts'
import { DecoderProcesses } from './decoders/apart.ts'
import type { Task } from './decoders/judge.ts'
import { readPixels, type Pixels } from './decoders/pixels.ts'
import { imageFormats, normalisedEdge, type ImageFormat, type NormalisedImage } from './image.ts'
import { readPreview } from './raw/preview.ts'
import { notRead } from './refusals.ts'
import { openBytes, type ByteSource } from './sniffing/byte-source.ts'
import { readFirstFrame } from './sniffing/gif.ts'
import { readJpegFrame, unreadJpeg } from './sniffing/jpeg.ts'
import { isRawFormat, sniff, type Sniffed } from './sniffing/sniff.ts'
import { alphaChannel, unreadCompression, unreadTiff } from './sniffing/tiff-reasons.ts'

const accepted = imageFormats.map((format) => format.toUpperCase()).join(', ')
const apart: readonly ImageFormat[] = ['heic', 'jxl', 'bmp']
const processes = new DecoderProcesses()

/**
 * Decodes an image file once into the form everything else works on: upright, sRGB, 8 bit, opaque,
 * long edge bounded, first frame only; of a RAW, its preview.
 *
 * @param file its path, whose name plays no part, or its bytes
 * @param maxMegapixels refused above this, before a pixel is decoded
 * @param edge the longest that the decoded picture may be, in pixels
 * @throws LookalikeError `invalid_image` or `image_too_many_pixels`
 */
export async function decodeImage(
  file: string | Uint8Array,
  maxMegapixels: number,
  edge: number = normalisedEdge,
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
    const task = { ...(await prepare(source, file, sniffed)), maxMegapixels, edge }
    const decoded = await decode(source, task)
    const frame = format === 'gif' ? await readFirstFrame(source) : undefined
    const {
      data,
      channels,
      width,
      height,
      source: size,
    } = frame ? hideOutside(decoded, frame) : decoded
    const rgb = channels === 4 ? flatten(data) : data
    return { rgb, width, height, source: { format, ...size } }
  } finally {
    await source.close()
  }
}

/** What is to be decoded, which for a RAW is a JPEG within, and whatever is not read is refused. */
async function prepare(
  source: ByteSource,
  file: string | Uint8Array,
  { format, tiff }: Sniffed & { format: ImageFormat },
): Promise<Omit<Task, 'maxMegapixels' | 'edge'>> {
  if (isRawFormat(format)) {
    const preview = await readPreview(source, format)
    if (preview) return { file: preview, format: 'jpeg', alpha: undefined }
    throw notRead(`a RAW photograph (${format.toUpperCase()}) without a preview, and only previews of RAW are read`) // prettier-ignore
  }
  const first = tiff?.first
  const unread = first && unreadTiff(first)
  if (unread) throw notRead(unread)
  const decodable = format === 'avif' ? await asStill(source, file) : file
  return { file: decodable, format, alpha: first && alphaChannel(first) }
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

async function decode(source: ByteSource, task: Task): Promise<Pixels> {
  if (apart.includes(task.format)) return processes.decode(task)
  const { file, maxMegapixels, edge, alpha } = task
  try {
    return await readPixels(file, { maxMegapixels, edge, failOn: 'warning', alpha })
  } catch (error) {
    if (error instanceof LookalikeError) throw error
    const reason = await reasonAgainst(source, task)
    if (reason) throw notRead(reason, error)
    // A complaint that libvips has not kept apart from those about pictures decoded meanwhile: looked at alone.
    return processes.decode(task)
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
