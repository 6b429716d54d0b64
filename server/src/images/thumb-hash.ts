import { rgbaToThumbHash } from 'thumbhash'
import type { NormalisedImage } from './image.ts'
import { squareEdge, squareOf } from './square.ts'

/** A ThumbHash keeps seven waves across a picture: a longer edge than this shows it no more. */
const longEdge = 32

/**
 * The picture in about 25 bytes, enough to be drawn blurred in its colours and shape until it is there.
 * Source: https://evanw.github.io/thumbhash/
 *
 * @returns base64
 */
export async function thumbHash(image: NormalisedImage): Promise<string> {
  const scale = longEdge / Math.max(image.width, image.height)
  const width = Math.max(1, Math.round(image.width * scale))
  const height = Math.max(1, Math.round(image.height * scale))
  const rgba = averaged(await squareOf(image), width, height)
  return Buffer.from(rgbaToThumbHash(width, height, rgba)).toString('base64')
}

/** The square brought back to a picture's own shape, each pixel the mean of those that fall into it. */
function averaged(square: Uint8Array, width: number, height: number): Uint8Array {
  const sums = new Float64Array(width * height * 4)
  for (let y = 0, from = 0; y < squareEdge; y++) {
    const row = Math.floor((y * height) / squareEdge) * width
    for (let x = 0; x < squareEdge; x++, from += 3) {
      const to = (row + Math.floor((x * width) / squareEdge)) * 4
      sums[to]! += square[from]!
      sums[to + 1]! += square[from + 1]!
      sums[to + 2]! += square[from + 2]!
      sums[to + 3]!++
    }
  }
  return Uint8Array.from(sums, (sum, at) => {
    const isAlpha = at % 4 === 3
    return isAlpha ? 255 : Math.round(sum / sums[at - (at % 4) + 3]!)
  })
}
