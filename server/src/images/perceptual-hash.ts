import { resizePixels } from './encode.ts'
import type { NormalisedImage } from './image.ts'

const edge = 32
const kept = 8
/** Weaker contrasts than this, in grey levels of 255, are noise of compression. */
const leastContrast = 2

/**
 * A 64-bit hash that survives resizing, recompression and small changes of brightness: the signs, around
 * their median, of the 8 x 8 lowest frequencies (the constant ones left out) of the picture at 32 x 32 in
 * grey. Source: C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010.
 *
 * @returns 16 hex digits; empty for a picture so plain that its hash would be noise
 */
export async function perceptualHash(image: NormalisedImage): Promise<string> {
  const grey = luminance(await resizePixels(image, edge, edge))
  const low = lowFrequencies(grey)
  const sorted = low.toSorted()
  // The transform is orthonormal, so this is the contrast that these frequencies give the picture.
  const contrast = Math.hypot(...low) / edge
  if (contrast < leastContrast) return ''
  const median = (sorted[31]! + sorted[32]!) / 2
  const bits = Array.from(low, (value) => (value > median ? '1' : '0')).join('')
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0')
}

/** Rec. 601 luma. */
function luminance(rgb: Uint8Array): Float64Array {
  return Float64Array.from(
    { length: rgb.length / 3 },
    (_, at) => 0.299 * rgb[at * 3]! + 0.587 * rgb[at * 3 + 1]! + 0.114 * rgb[at * 3 + 2]!,
  )
}

/** Rows 1 to 8 of the orthonormal DCT-II, which is all that the hash looks at. */
const basis = Array.from({ length: kept }, (_, frequency) =>
  Float64Array.from(
    { length: edge },
    (_, at) => Math.sqrt(2 / edge) * Math.cos(((frequency + 1) * (2 * at + 1) * Math.PI) / (2 * edge)), // prettier-ignore
  ),
)

function lowFrequencies(grey: Float64Array): Float64Array {
  const rows = Array.from({ length: edge }, (_, y) =>
    basis.map((wave) => wave.reduce((sum, value, x) => sum + value * grey[y * edge + x]!, 0)),
  )
  return Float64Array.from({ length: kept * kept }, (_, at) => {
    const across = at % kept
    const down = basis[(at - across) / kept]!
    return down.reduce((sum, value, y) => sum + value * rows[y]![across]!, 0)
  })
}
