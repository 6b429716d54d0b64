import { padded, type Kernel, type Rows } from '../kernel/dot-products.ts'
import type { PatchReducer } from './reduce.ts'

/** A mixture of Gaussians with diagonal covariance over the coordinates of a `PatchReducer`. */
export interface Mixture {
  /** One a Gaussian, summing to 1. */
  readonly weights: Float32Array
  /** One row a Gaussian: odd coordinates, then even ones, without filling. */
  readonly means: Float32Array
  readonly variances: Float32Array
}

/** Posteriors below exp(-12) of the largest are lost in 32-bit sums anyway. */
const negligible = -12

/**
 * Tells how likely each Gaussian is to have produced each patch, in the picture and in its mirror image
 * at once: mirroring negates the odd coordinates, so the two share all other terms.
 */
export class MixturePosteriors {
  /** Written by {@link weigh}, a row a Gaussian: the two posteriors' sum, and their difference. */
  readonly sums: Rows
  readonly differences: Rows
  readonly #kernel: Kernel
  readonly #coordinates: Rows
  readonly #oddStart: number
  readonly #constant: Float64Array
  readonly #oddTerms: Rows
  readonly #sharedTerms: Rows
  readonly #oddLogs: Rows
  readonly #sharedLogs: Rows

  constructor(mixture: Mixture, reducer: PatchReducer, kernel: Kernel) {
    const gaussians = mixture.weights.length
    const patches = reducer.coordinates.count
    this.#kernel = kernel
    this.#coordinates = reducer.coordinates
    this.#oddStart = padded(reducer.odd)
    this.#constant = constants(mixture)
    this.#oddTerms = kernel.rows(gaussians, padded(reducer.odd))
    this.#sharedTerms = kernel.rows(gaussians, padded(reducer.even) + reducer.width)
    fillTerms(mixture, reducer, this.#oddTerms, this.#sharedTerms)
    this.#oddLogs = kernel.rows(patches, padded(gaussians))
    this.#sharedLogs = kernel.rows(patches, padded(gaussians))
    this.sums = kernel.rows(gaussians, padded(patches))
    this.differences = kernel.rows(gaussians, padded(patches))
  }

  /**
   * Posteriors of every patch, given its coordinates and, behind them, their squares.
   *
   * @param weights one a patch: what its posteriors sum to, in the picture and in the mirror image
   */
  weigh(weights: Float32Array): void {
    this.#kernel.multiply(this.#coordinates, 0, this.#oddTerms, this.#oddLogs)
    this.#kernel.multiply(this.#coordinates, this.#oddStart, this.#sharedTerms, this.#sharedLogs)
    const plain = new Float64Array(this.#constant.length)
    const mirrored = new Float64Array(this.#constant.length)
    for (let patch = 0; patch < weights.length; patch++) {
      this.#logLikelihoods(patch, plain, mirrored)
      toPosteriors(plain, weights[patch]!)
      toPosteriors(mirrored, weights[patch]!)
      const { stride } = this.sums
      for (let gaussian = 0, to = patch; gaussian < plain.length; gaussian++, to += stride) {
        this.sums.values[to] = plain[gaussian]! + mirrored[gaussian]!
        this.differences.values[to] = plain[gaussian]! - mirrored[gaussian]!
      }
    }
  }

  #logLikelihoods(patch: number, plain: Float64Array, mirrored: Float64Array): void {
    const odd = this.#oddLogs.values
    const shared = this.#sharedLogs.values
    const constant = this.#constant
    let from = patch * this.#oddLogs.stride
    for (let gaussian = 0; gaussian < constant.length; gaussian++, from++) {
      const both = constant[gaussian]! + shared[from]!
      plain[gaussian] = both + odd[from]!
      mirrored[gaussian] = both - odd[from]!
    }
  }
}

/**
 * log(weight * density) is constant + mean / variance . x - 0.5 / variance . x^2: two dot products, one
 * with the odd coordinates and one with the even ones and all squares.
 */
function fillTerms(
  { weights, means, variances }: Mixture,
  { odd, even, width }: PatchReducer,
  oddTerms: Rows,
  sharedTerms: Rows,
): void {
  const squaresStart = padded(even)
  for (let gaussian = 0; gaussian < weights.length; gaussian++) {
    const oddRow = gaussian * oddTerms.stride
    const sharedRow = gaussian * sharedTerms.stride
    for (let at = 0; at < odd + even; at++) {
      const from = gaussian * (odd + even) + at
      const linear = means[from]! / variances[from]!
      const square = -0.5 / variances[from]!
      if (at < odd) oddTerms.values[oddRow + at] = linear
      else sharedTerms.values[sharedRow + at - odd] = linear
      const column = at < odd ? at : width - squaresStart + at - odd
      sharedTerms.values[sharedRow + squaresStart + column] = square
    }
  }
}

function constants({ weights, means, variances }: Mixture): Float64Array {
  const width = means.length / weights.length
  const constant = Float64Array.from(weights, (weight) => Math.log(weight))
  for (let at = 0; at < means.length; at++) {
    const term = Math.log(variances[at]!) + (means[at]! * means[at]!) / variances[at]!
    constant[Math.floor(at / width)]! -= 0.5 * term
  }
  return constant
}

/** In place; sums to `weight`. */
function toPosteriors(logs: Float64Array, weight: number): void {
  let largest = -Infinity
  for (let index = 0; index < logs.length; index++) {
    if (logs[index]! > largest) largest = logs[index]!
  }
  let sum = 0
  for (let index = 0; index < logs.length; index++) {
    const relative = logs[index]! - largest
    const share = relative < negligible ? 0 : Math.exp(relative)
    logs[index] = share
    sum += share
  }
  const scale = weight / sum
  for (let index = 0; index < logs.length; index++) logs[index]! *= scale
}
