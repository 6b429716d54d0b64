import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp, { type Sharp } from 'sharp'
import { decodeImage } from './decode.ts'
import type { NormalisedImage } from './image.ts'

const thumbnailEdge = 384
const ownEdge = 640
const ownBytes = 40_000

function fromPixels(image: NormalisedImage): Sharp {
  return sharp(image.rgb, { raw: { width: image.width, height: image.height, channels: 3 } })
}

/**
 * Whether a file is its own thumbnail: it has so few bytes that another, which takes 7 ms of a processor to
 * make, would save a page next to nothing. Only JPEG, which shows everywhere, does not move and has no holes.
 */
export function isOwnThumbnail(file: {
  readonly format: string
  readonly width: number
  readonly height: number
  readonly bytes: number
}): boolean {
  const fits = Math.max(file.width, file.height) <= ownEdge && file.bytes <= ownBytes
  return file.format === 'jpeg' && fits
}

/** WebP, long edge at most 384 px: sharp on a dense screen, about 15 kB. */
export async function encodeThumbnail(image: NormalisedImage): Promise<Buffer> {
  return (
    fromPixels(image)
      .resize(thumbnailEdge, thumbnailEdge, { fit: 'inside', withoutEnlargement: true })
      // Half the time of libwebp's usual effort of 4, for 3 % more bytes: each picture that is indexed pays it.
      .webp({ quality: 80, effort: 2 })
      .toBuffer()
  )
}

/**
 * The same picture as PNG, long edge at most 384 px, for readers without WebP. What is its own thumbnail is read as
 * leniently, and its colours as exactly, as when it came.
 */
export async function thumbnailAsPng(thumbnail: Readable, maxMegapixels: number): Promise<Buffer> {
  return fromPixels(await decodeImage(await buffer(thumbnail), maxMegapixels))
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

/** Exactly `width * height * 3` bytes of sRGB, row-major, aspect ratio given up. */
export async function resizePixels(
  image: NormalisedImage,
  width: number,
  height: number,
): Promise<Uint8Array> {
  return fromPixels(image).resize(width, height, { fit: 'fill' }).raw().toBuffer()
}
