import type { ImageFormat } from '../image.ts'
import { damaged } from '../refusals.ts'
import { openBytes } from '../sniffing/byte-source.ts'
import { sniff } from '../sniffing/sniff.ts'
import { stripHeif } from './heif.ts'
import { stripGif } from './gif.ts'
import { stripJpeg } from './jpeg.ts'
import { stripJxl } from './jxl.ts'
import { stripPng } from './png.ts'
import { cannotStrip } from './strip-errors.ts'
import { stripWebp } from './webp.ts'

const strippers: Partial<Record<ImageFormat, (bytes: Buffer) => Buffer>> = {
  jpeg: (bytes) => stripJpeg(bytes, true),
  png: stripPng,
  webp: stripWebp,
  gif: stripGif,
  jxl: stripJxl,
  avif: stripHeif,
  heic: stripHeif,
  // Has no place for any.
  bmp: (bytes) => bytes,
}

/**
 * The same picture without what was written beside its pixels: EXIF, GPS, XMP, IPTC, comments, thumbnails
 * within, and what follows its end. Not a pixel is coded anew; colours (ICC) and the turn that it is shown in stay.
 *
 * @param file its path, or its bytes
 * @returns the bytes as they are where they are no picture, which decoding then says
 * @throws LookalikeError `unsupported` for a format whose metadata cannot be taken out, `invalid_image` when
 *   the file breaks off
 */
export async function stripMetadata(file: string | Uint8Array): Promise<Buffer> {
  const source = await openBytes(file)
  try {
    const { format } = await sniff(source)
    const bytes = await source.whole()
    if (!format) return bytes
    const strip = strippers[format]
    if (!strip) throw cannotStrip(format)
    try {
      return strip(bytes)
    } catch (error) {
      if (error instanceof RangeError) throw damaged(format, error)
      throw error
    }
  } finally {
    await source.close()
  }
}
