import type { Patches } from './patches.ts'

/**
 * Principal components of patch descriptors, learned from pictures and their mirror images alike:
 * each then lies wholly in the sums or wholly in the differences of mirror coordinates.
 */
export interface Reduction {
  /** `half` numbers, the mean of the sums; the differences have none. */
  readonly mean: Float32Array
  /** Rows of `half` numbers, scaled so that a coordinate has unit variance on average. */
  readonly evenBasis: Float32Array
  readonly oddBasis: Float32Array
  /** Coordinates that stay when the picture is mirrored: even components, then y. */
  readonly even: number
  /** All coordinates: the even ones, then odd components, then x. */
  readonly width: number
}

/** Patch centres span +-0.5; three times that gives them the weight of a strong component. */
const positionScale = 3

export function reductionOf(
  mean: Float32Array,
  evenBasis: Float32Array,
  oddBasis: Float32Array,
): Reduction {
  const even = evenBasis.length / mean.length + 1
  return { mean, evenBasis, oddBasis, even, width: even + oddBasis.length / mean.length + 1 }
}

/** `count * width` numbers, patch after patch. */
export function reducePatches(patches: Patches, reduction: Reduction): Float64Array {
  const { mean, even, width } = reduction
  const half = mean.length
  // Arithmetic on 64-bit arrays spares a conversion at every step.
  const evenBasis = Float64Array.from(reduction.evenBasis)
  const oddBasis = Float64Array.from(reduction.oddBasis)
  const sums = new Float64Array(half)
  const differences = new Float64Array(half)
  const reduced = new Float64Array(patches.count * width)
  for (let patch = 0; patch < patches.count; patch++) {
    const from = patch * patches.length
    for (let index = 0; index < half; index++) {
      sums[index] = patches.values[from + index]! - mean[index]!
      differences[index] = patches.values[from + half + index]!
    }
    const to = patch * width
    project(evenBasis, sums, reduced, to)
    reduced[to + even - 1] = positionScale * patches.y[patch]!
    project(oddBasis, differences, reduced, to + even)
    reduced[to + width - 1] = positionScale * patches.x[patch]!
  }
  return reduced
}

function project(basis: Float64Array, vector: Float64Array, out: Float64Array, to: number): void {
  const length = vector.length
  for (let at = 0; at < basis.length; to++) {
    let one = 0
    let two = 0
    for (let index = 0; index < length; index += 2, at += 2) {
      one += basis[at]! * vector[index]!
      two += basis[at + 1]! * vector[index + 1]!
    }
    out[to] = one + two
  }
}
