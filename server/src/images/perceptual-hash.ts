import { resizePixels } from './encode.ts'
import type { NormalisedImage } from './image.ts'
import { squareEdge, squareOf } from './square.ts'

/** The size at which Zauner looks at a picture. */
const smallEdge = 32
/** Enough of the square to see its low frequencies, for a quarter of the work. */
const halfEdge = squareEdge / 2
const kept = 8
/** Weaker contrasts than this, in grey levels of 255, are noise of compression. */
const leastContrast = 2

/**
 * A 64-bit hash that survives resizing, recompression and small changes of brightness: the signs, around
 * their median, of the 8 x 8 lowest frequencies (the constant ones left out) of the picture in grey.
 * Source: C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010.
 *
 * @returns 16 hex digits; empty for a picture so plain that its hash would be noise
 */
export async function perceptualHash(image: NormalisedImage): Promise<string> {
  // Enlarging a picture to the square moves its low frequencies enough to lose one copy of half the size in fifty.
  const enlarged = Math.min(image.width, image.height) < squareEdge
  const edge = enlarged ? smallEdge : halfEdge
  const rgb = enlarged ? await resizePixels(image, edge, edge) : await squareOf(image)
  const low = lowFrequencies(luminance(rgb, edge), edge)
  const sorted = low.toSorted()
  // The transform is orthonormal, so this is the contrast that these frequencies give the picture.
  const contrast = Math.hypot(...low) / edge
  if (contrast < leastContrast) return ''
  const median = (sorted[31]! + sorted[32]!) / 2
  const bits = Array.from(low, (value) => (value > median ? '1' : '0')).join('')
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0')
}

/** Rec. 601 luma of a square, averaged to `edge * edge` values. */
function luminance(rgb: Uint8Array, edge: number): Float64Array {
  const grey = new Float64Array(edge * edge)
  const tile = Math.sqrt(rgb.length / 3) / edge
  const share = 1 / tile ** 2
  for (let y = 0, from = 0; y < edge * tile; y++) {
    const row = Math.floor(y / tile) * edge
    for (let x = 0; x < edge * tile; x++, from += 3) {
      const luma = 0.299 * rgb[from]! + 0.587 * rgb[from + 1]! + 0.114 * rgb[from + 2]!
      grey[row + Math.floor(x / tile)]! += luma * share
    }
  }
  return grey
}

const bases = new Map([smallEdge, halfEdge].map((edge) => [edge, basisOf(edge)]))

/** Rows 1 to 8 of the orthonormal DCT-II of `edge` values, which is all that the hash looks at. */
function basisOf(edge: number): Float64Array {
  return Float64Array.from({ length: kept * edge }, (_, index) => {
    const frequency = Math.floor(index / edge) + 1
    const at = index % edge
    return Math.sqrt(2 / edge) * Math.cos((frequency * (2 * at + 1) * Math.PI) / (2 * edge))
  })
}

/** The `kept * kept` lowest frequencies of `edge * edge` values, row by row. */
function lowFrequencies(grey: Float64Array, edge: number): Float64Array {
  const basis = bases.get(edge)!
  const low = new Float64Array(kept * kept)
  for (let y = 0; y < edge; y++) {
    for (let across = 0; across < kept; across++) {
      let sum = 0
      for (let x = 0; x < edge; x++) sum += basis[across * edge + x]! * grey[y * edge + x]!
      for (let down = 0; down < kept; down++) {
        low[down * kept + across]! += basis[down * edge + y]! * sum
      }
    }
  }
  return low
}
