import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp, { type Sharp } from 'sharp'
import type { Decode } from './decode.ts'
import type { NormalisedImage } from './image.ts'
import { stripJpeg, turnOfJpeg } from './stripping/jpeg.ts'

/** Longest edges of thumbnails: the first is made when a picture is indexed, the others when somebody asks. */
export const thumbnailEdges = [384, 768, 1536, 2560] as const
export type ThumbnailEdge = (typeof thumbnailEdges)[number]
const thumbnailEdge = thumbnailEdges[0]

/** A file of no more than this is its own thumbnail of the first size; of the others, in proportion. */
const own = { edge: 640, bytes: 40_000 }

function fromPixels(image: NormalisedImage): Sharp {
  return sharp(image.rgb, { raw: { width: image.width, height: image.height, channels: 3 } })
}

/**
 * Whether a file is its own thumbnail: it has so few bytes that another, which takes 7 ms of a processor to
 * make, would save a page next to nothing. Only JPEG, which shows everywhere, does not move and has no holes.
 */
export function isOwnThumbnail(file: File, edge: ThumbnailEdge = thumbnailEdge): boolean {
  const scale = edge / thumbnailEdge
  const fits = longEdge(file) <= own.edge * scale && file.bytes <= own.bytes * scale ** 2
  return file.format === 'jpeg' && fits
}

/** The thumbnail that shows all that one of `edge` could: a picture that has no more pixels needs no larger one. */
export function usefulEdge(file: File, edge: ThumbnailEdge): ThumbnailEdge {
  const enough = thumbnailEdges.find((each) => each >= longEdge(file))
  return enough !== undefined && enough < edge ? enough : edge
}

interface File {
  readonly format: string
  readonly width: number
  readonly height: number
  readonly bytes: number
}

function longEdge({ width, height }: File): number {
  return Math.max(width, height)
}

/** WebP, never enlarged; of 384 px sharp on a dense screen, about 15 kB. */
export async function encodeThumbnail(
  image: NormalisedImage,
  edge: ThumbnailEdge = thumbnailEdge,
): Promise<Buffer> {
  return (
    fromPixels(image)
      .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
      // Half the time of libwebp's usual effort of 4, for 3 % more bytes: each picture that is indexed pays it.
      .webp({ quality: 80, effort: 2 })
      .toBuffer()
  )
}

/**
 * A file that is its own thumbnail, without what it says beside its pixels: no thumbnail tells where a picture was
 * taken. One that is to be turned says that in what is left out, so it is made anew.
 */
export async function ownThumbnail(
  jpeg: Buffer,
  edge: ThumbnailEdge,
  decode: Decode,
): Promise<{ readonly bytes: Buffer; readonly format: 'jpeg' | 'webp' }> {
  if (turnOfJpeg(jpeg) === 1) return { bytes: stripJpeg(jpeg, false), format: 'jpeg' }
  const image = await decode(jpeg, { edge })
  return { bytes: await encodeThumbnail(image, edge), format: 'webp' }
}

/**
 * The same picture as PNG, long edge at most 384 px, for readers without WebP. What is its own thumbnail is read as
 * leniently, and its colours as exactly, as when it came.
 */
export async function thumbnailAsPng(thumbnail: Readable, decode: Decode): Promise<Buffer> {
  return fromPixels(await decode(await buffer(thumbnail)))
    .resize(thumbnailEdge, thumbnailEdge, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer()
}

/** JPEG with the long edge at most `edge` pixels: what a vision model is sent. */
export async function encodeJpeg(
  image: NormalisedImage,
  { edge, quality }: { edge: number; quality: number },
): Promise<Buffer> {
  return fromPixels(image)
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality })
    .toBuffer()
}

/** sRGB pixels, row-major, long edge at most `edge`; a smaller picture stays as large as it is. */
export async function resizeInside(
  image: NormalisedImage,
  edge: number,
): Promise<{ rgb: Uint8Array; width: number; height: number }> {
  const { data, info } = await fromPixels(image)
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { rgb: data, width: info.width, height: info.height }
}

/** Exactly `width * height * 3` bytes of sRGB, row-major, aspect ratio given up. */
export async function resizePixels(
  image: NormalisedImage,
  width: number,
  height: number,
): Promise<Uint8Array> {
  return fromPixels(image).resize(width, height, { fit: 'fill' }).raw().toBuffer()
}

interface Size {
  readonly width: number
  readonly height: number
}

export type Kernel = 'nearest' | 'linear' | 'cubic' | 'lanczos3'

/** The picture at the size `scaled`, its aspect ratio given up, and of that the middle; `middle` may be no larger. */
export async function scaledAndCut(
  image: NormalisedImage,
  scaled: Size,
  middle: Size,
  kernel: Kernel,
): Promise<Uint8Array> {
  const [across, down] = [
    span(image.width, scaled.width, middle.width),
    span(image.height, scaled.height, middle.height),
  ]
  const source = { left: across.from, top: down.from, width: across.pixels, height: down.pixels }
  return fromPixels(image)
    .extract(source)
    .resize(across.scaled, down.scaled, { fit: 'fill', kernel })
    .extract({ left: across.cut, top: down.cut, ...middle })
    .raw()
    .toBuffer()
}

/** Longest edge that a picture is enlarged to, for a small part of it to be cut out. */
const mostScaled = 4096

/** What is taken of an edge, how long it becomes, and where the middle begins in it. */
function span(pixels: number, scaled: number, middle: number) {
  if (scaled <= mostScaled) {
    return { from: 0, pixels, scaled, cut: Math.floor((scaled - middle) / 2) }
  }
  // Of a picture like a thread, nearly all of which is cut away, only the middle is enlarged.
  const kept = Math.min(pixels, Math.ceil((middle * pixels) / scaled) + 2)
  const length = Math.max(middle, Math.round((kept * scaled) / pixels))
  const from = Math.floor((pixels - kept) / 2)
  return { from, pixels: kept, scaled: length, cut: Math.floor((length - middle) / 2) }
}

/** The pixels of a rectangle of a picture, at another size. */
export async function cutPixels(
  image: NormalisedImage,
  rectangle: Size & { readonly left: number; readonly top: number },
  { width, height }: Size,
): Promise<Uint8Array> {
  const cut = fromPixels(image).extract(rectangle)
  return cut.resize(width, height, { fit: 'fill' }).raw().toBuffer()
}
