import type { NormalisedImage } from '../../server/src/images/image.ts'
import { resizePixels } from '../../server/src/images/encode.ts'

const across = 17
const down = 16
/** Of 256 bits; copies at another size or quality differ in a few, strangers in about 128. */
const tolerance = 24

/**
 * Difference hash: 256 bits, one for each pair of neighbours in a 17 x 16 grey miniature, set where
 * the right one is lighter. Found again in copies of another size, format or quality.
 */
export async function differenceHash(image: NormalisedImage): Promise<Uint8Array> {
  const rgb = await resizePixels(image, across, down)
  const grey = (pixel: number) =>
    3 * rgb[pixel * 3]! + 6 * rgb[pixel * 3 + 1]! + rgb[pixel * 3 + 2]!
  const bits = new Uint8Array((across - 1) * down)
  for (let bit = 0; bit < bits.length; bit++) {
    const pixel = Math.floor(bit / (across - 1)) * across + (bit % (across - 1))
    bits[bit] = grey(pixel + 1) > grey(pixel) ? 1 : 0
  }
  return bits
}

/** Whether two pictures are copies of one another. */
export function isSamePicture(one: Uint8Array, other: Uint8Array): boolean {
  let different = 0
  for (let bit = 0; bit < one.length; bit++) different += one[bit]! ^ other[bit]!
  return different <= tolerance
}
