import { open } from 'node:fs/promises'
import sharp from 'sharp'
import { LookalikeError } from '../errors.ts'
import { imageFormats, normalisedEdge, type NormalisedImage } from './image.ts'
import { sniff } from './sniff.ts'

// Loaders that no accepted format needs (SVG, PDF, ImageMagick ...) are attack surface: switched off
// for the whole process, so that even a file that fools `sniff` never reaches them.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
    'VipsForeignLoadTiff',
  ],
})
// Each upload is decoded once and never asked for again by libvips.
sharp.cache(false)

const accepted = imageFormats.map((format) => format.toUpperCase()).join(', ')
const sniffedBytes = 4100

/**
 * Decodes an image file once into the form everything else works on: upright, sRGB, 8 bit, opaque,
 * long edge bounded, first frame only.
 *
 * @param file its path, whose name plays no part, or its bytes
 * @param maxMegapixels refused above this, before a pixel is decoded
 * @throws LookalikeError `invalid_image` or `image_too_many_pixels`
 */
export async function decodeImage(
  file: string | Uint8Array,
  maxMegapixels: number,
): Promise<NormalisedImage> {
  const sniffed = await sniff(
    typeof file === 'string' ? await readHead(file) : file.subarray(0, sniffedBytes),
  )
  if (!sniffed.format) {
    throw new LookalikeError(
      'invalid_image',
      `The file is ${sniffed.looksLike}. Lookalike reads ${accepted}: send one of those.`,
    )
  }
  const format = sniffed.format
  // The pixel bound below is ours, with a clearer message; sharp's own stays on as a backstop.
  const input = { failOn: 'error', pages: 1, limitInputPixels: maxMegapixels * 1e6 } as const
  try {
    const header = await sharp(file, { ...input, limitInputPixels: false }).metadata()
    const megapixels = (header.width * header.height) / 1e6
    if (megapixels > maxMegapixels) {
      throw new LookalikeError(
        'image_too_many_pixels',
        `The image is ${header.width} x ${header.height} (${megapixels.toFixed(1)} megapixels); ` +
          `this server accepts up to ${maxMegapixels} (MAX_MEGAPIXELS). Send a smaller copy.`,
      )
    }
    const { data, info } = await sharp(file, input)
      .autoOrient()
      .resize(normalisedEdge, normalisedEdge, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return {
      rgb: info.channels === 3 ? data : toThreeChannels(data, info.channels),
      width: info.width,
      height: info.height,
      source: { format, width: header.autoOrient.width, height: header.autoOrient.height },
    }
  } catch (error) {
    if (error instanceof LookalikeError) throw error
    throw new LookalikeError(
      'invalid_image',
      `The file starts like ${format.toUpperCase()} but cannot be decoded: ` +
        `it is damaged or cut short. Send it again, or save it anew in an image editor.`,
      { cause: error },
    )
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0)
  return buffer.subarray(0, bytesRead)
}

function toThreeChannels(data: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3)
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) {
    const grey = channels < 3
    rgb[to] = data[from]!
    rgb[to + 1] = data[grey ? from : from + 1]!
    rgb[to + 2] = data[grey ? from : from + 2]!
  }
  return rgb
}
