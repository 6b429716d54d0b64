import { randomNumbers } from '../evals/random.ts'
import { unitVector } from '../server/src/records/vectors.ts'

const latentDimensions = 64

/**
 * Draws vectors as embedding models make them: of unit length, in clusters of uneven sizes, with most of
 * the variance in few directions. The clusters follow from `size`, how many the library has; `seed`
 * chooses which vectors. The same on every machine.
 */
export function clusteredVectors(
  dimensions: number,
  size: number,
  seed: number,
): () => Float32Array {
  const shape = randomNumbers(7)
  const directions = Array.from({ length: latentDimensions }, () => normals(shape, dimensions))
  const clusters = Math.max(10, Math.round(size / 200))
  const centres = Array.from({ length: clusters }, () => normals(shape, latentDimensions))
  const spread = Float32Array.from({ length: latentDimensions }, (_, axis) => 1 / Math.sqrt(1 + axis)) // prettier-ignore
  const random = randomNumbers(seed)
  return () => {
    // Squaring favours the first clusters: some subjects are photographed more often than others.
    const centre = centres[Math.floor(random() ** 2 * clusters)]!
    const own = normals(random, latentDimensions)
    const vector = normals(random, dimensions).map((value) => value * 0.3)
    for (const [axis, direction] of directions.entries()) {
      const along = (centre[axis]! + 0.5 * own[axis]!) * spread[axis]!
      for (let at = 0; at < dimensions; at++) vector[at]! += along * direction[at]!
    }
    return unitVector(vector)
  }
}

/** Standard normal numbers, by Box and Muller. */
function normals(random: () => number, count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
}
