import sharp, { type Sharp } from 'sharp'
import type { NormalisedImage } from '../../server/src/images/image.ts'

type Change = (image: Sharp, width: number, height: number) => Sharp

const brightness = 1.3
/** Each edge loses 5 %, so that a tenth of the width and of the height goes. */
const cropped = 0.05

/** What happens to pictures on their way through other people's hands. */
const changes: Record<string, Change> = {
  'half size': (image, width, height) =>
    image.resize(Math.ceil(width / 2), Math.ceil(height / 2), { fit: 'fill' }),
  'JPEG q40': (image) => image.jpeg({ quality: 40 }),
  'crop 10 %': (image, width, height) =>
    image.extract({
      left: Math.floor(width * cropped),
      top: Math.floor(height * cropped),
      width: Math.max(1, Math.round(width * (1 - 2 * cropped))),
      height: Math.max(1, Math.round(height * (1 - 2 * cropped))),
    }),
  'rotate 5°': (image) => image.rotate(5, { background: '#ffffff' }),
  'brightness +30 %': (image) => image.linear(brightness, 0),
  blur: (image) => image.blur(2),
  flip: (image) => image.flop(),
}

export const transformationNames = Object.keys(changes)

/** The picture as `name` (one of {@link transformationNames}) would leave it. */
export async function transform(name: string, image: NormalisedImage): Promise<NormalisedImage> {
  const { rgb, width, height } = image
  const change = changes[name]!
  const changed = change(sharp(rgb, { raw: { width, height, channels: 3 } }), width, height)
  // Through PNG unless the change itself is an encoding: lossless, and it carries its own size.
  const file = await (
    name === 'JPEG q40' ? changed : changed.png({ compressionLevel: 0 })
  ).toBuffer()
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const size = { width: info.width, height: info.height }
  return { rgb: data, ...size, source: { ...image.source, ...size } }
}
