import type { ImageFormat } from './image.ts'
import type { ByteSource } from './sniffing/byte-source.ts'
import { readDimensions, type Dimensions } from './sniffing/dimensions.ts'
import type { JpegFrame } from './sniffing/jpeg.ts'
import type { TiffLayout } from './sniffing/tiff-layout.ts'

/** What decoding a picture takes, foreseen from its header. */
export interface Cost {
  /** Memory at its peak, beside what the process holds anyway. */
  readonly bytes: number
  readonly pixels: number
  /** Whether it is decoded within moments, so that it need not wait for what takes seconds. */
  readonly isSmall: boolean
}

/** Buffers of a row, tables and a picture of 1024 pixels: what every picture takes, as measured on small ones. */
const fixedBytes = 16e6
const smallBytes = 32e6
/** 16 megapixels of a baseline JPEG, which take next to no memory, take a tenth of a second. */
const smallPixels = 16e6
export const smallFileBytes = 8e6

/**
 * Bytes for each pixel of formats that are decoded whole or by wasm, measured as the growth of the resident set at 4,
 * 16 and 48 megapixels (`npm run bench -- decode`). Of libheif, what an HEIC of 12 megapixels takes.
 */
const bytesPerPixel = { avif: 20, heic: 26, jxl: 48, bmp: 16, gif: 8, webpWhole: 8, webp: 4 }

/** @param dimensions undefined where the file does not say: then it is taken for as large as is accepted */
export async function costOf(
  source: ByteSource,
  picture: {
    readonly format: ImageFormat
    readonly frame?: JpegFrame | undefined
    readonly layout?: TiffLayout | undefined
  },
  maxMegapixels: number,
): Promise<Cost & { readonly dimensions: Dimensions | undefined }> {
  const { format, frame, layout } = picture
  const dimensions = frame ?? layout ?? (await readDimensions(source, format))
  const most = maxMegapixels * 1e6
  const pixels = dimensions ? dimensions.width * dimensions.height : most
  const variable = frame
    ? ofJpeg(frame) * pixels
    : layout
      ? ofTiff(layout, pixels)
      : ofFormat(format, dimensions) * pixels
  // A GIF of many frames is walked through, each with its own entry.
  const bytes = fixedBytes + variable + (format === 'gif' ? 8 * source.size : 0)
  return { ...costFrom(bytes, pixels, source.size), dimensions }
}

/** The same for a picture that turned out to be larger than announced. */
export function costFrom(bytes: number, pixels: number, fileBytes: number): Cost {
  const isSmall = bytes <= smallBytes && pixels <= smallPixels && fileBytes <= smallFileBytes
  // A process of its own reads the file whole, and puts an end to it.
  return { bytes: isSmall ? bytes : bytes + 2 * fileBytes, pixels, isSmall }
}

/** A progressive JPEG is kept as coefficients of 16 bits until its last scan; a baseline one is shrunk while it is read. */
function ofJpeg({ coding, samples }: JpegFrame): number {
  const isBaseline = coding === 0xc0 || coding === 0xc1
  return isBaseline ? 0.1 : 2.3 * samples
}

/** A strip or tile is decoded whole. Channels beyond the colours are taken away from all pixels at once. */
function ofTiff({ samples, bits, tile }: TiffLayout, pixels: number): number {
  const pixelBytes = Math.max(1, (samples * bits) / 8)
  const ofTile = tile ? tile.width * tile.height * pixelBytes * 2 : 0
  const ofExtra = samples > 4 || samples === 2 ? (2 * samples + 8) * pixels : 0
  return 0.5 * pixelBytes * pixels + ofTile + ofExtra
}

function ofFormat(format: ImageFormat, dimensions: Dimensions | undefined): number {
  if (format === 'png') {
    const pixelBytes = (dimensions?.bits ?? 64) / 8
    return pixelBytes * (dimensions?.isWhole ? 1.3 : 0.4)
  }
  if (format === 'webp') return dimensions?.isWhole ? bytesPerPixel.webpWhole : bytesPerPixel.webp
  return bytesPerPixel[format as keyof typeof bytesPerPixel] ?? bytesPerPixel.avif
}
