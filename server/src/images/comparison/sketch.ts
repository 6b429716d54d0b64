import { resizeInside } from '../encode.ts'
import type { NormalisedImage } from '../image.ts'

/**
 * Long edge, in pixels, of what is compared: enough to see that two photographs of one scene were not taken from the
 * same place, and little enough to compare in milliseconds.
 */
const sketchEdge = 128

/** A picture as small as it is compared: `width * height * 3` bytes of sRGB, row-major. */
export interface Sketch {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
}

export function sketchOf(image: NormalisedImage): Promise<Sketch> {
  return resizeInside(image, sketchEdge)
}
