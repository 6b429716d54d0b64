import sharp from 'sharp'
import type { NormalisedImage } from '../../server/src/images/image.ts'

/** Least share of each side that a crop keeps, and how far brightness and saturation may go. */
const minSide = 0.7
const maxBrightness = 1.28
const maxSaturation = 1.12

/**
 * The picture as another photograph of the same thing might show it: cropped somewhat, perhaps
 * mirrored, lighter or darker. What differs between the two is what likeness should not depend on.
 */
export async function changedCopy(
  image: NormalisedImage,
  random: () => number,
): Promise<NormalisedImage> {
  const side = (length: number) => Math.max(1, Math.round(length * (1 - random() * (1 - minSide))))
  const factor = (most: number) => most ** (2 * random() - 1)
  const width = side(image.width)
  const height = side(image.height)
  const left = Math.floor(random() * (image.width - width + 1))
  const top = Math.floor(random() * (image.height - height + 1))
  const raw = { width: image.width, height: image.height, channels: 3 } as const
  const { data, info } = await sharp(image.rgb, { raw })
    .extract({ left, top, width, height })
    .flop(random() < 0.5)
    .modulate({ saturation: factor(maxSaturation) })
    .linear(factor(maxBrightness), 0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { ...image, rgb: data, width: info.width, height: info.height }
}
