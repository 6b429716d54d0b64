import { resizePixels } from './encode.ts'
import type { NormalisedImage } from './image.ts'

export const squareEdge = 160

const squares = new WeakMap<NormalisedImage, Promise<Uint8Array>>()

/**
 * The picture at `squareEdge` x `squareEdge`, as `resizePixels` makes it: once for the built-in embedder and
 * the perceptual hash, which both look at no more. Not to be written to.
 */
export function squareOf(image: NormalisedImage): Promise<Uint8Array> {
  const made = squares.get(image) ?? resizePixels(image, squareEdge, squareEdge)
  squares.set(image, made)
  return made
}
