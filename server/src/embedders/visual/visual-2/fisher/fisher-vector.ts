import { Kernel, padded, type Rows } from '../kernel/dot-products.ts'
import { signedSquareRoot, toUnit } from '../normalise.ts'
import { MixturePosteriors, type Mixture } from './mixture.ts'
import type { Patches } from './patches.ts'
import { PatchReducer, type Reduction } from './reduce.ts'

/** What is learned of one kind of patch. */
export interface FisherModel {
  readonly reduction: Reduction
  readonly mixture: Mixture
}

const kernelMegabytes = 8

/**
 * The improved Fisher vector of a picture and its mirror image together: for each Gaussian, how the
 * patches near it deviate from its mean and its variance, square-rooted, unit length.
 *
 * Sources: Perronnin, Sanchez, Mensink, Improving the Fisher kernel for large-scale image
 * classification, ECCV 2010; position as a coordinate: Sanchez, Perronnin, de Campos, Modeling the
 * spatial layout of images beyond spatial pyramids, Pattern Recognition Letters 2012.
 */
export class FisherEncoder {
  /** Of the vectors it makes: 2 numbers for each coordinate of each Gaussian. */
  readonly length: number
  readonly #kernel = new Kernel(kernelMegabytes)
  readonly #mixture: Mixture
  readonly #reducer: PatchReducer
  readonly #posteriors: MixturePosteriors
  /** Coordinates turned on their side, a row each: the odd ones; the even ones and all squares. */
  readonly #odd: Rows
  readonly #shared: Rows
  /** Sums over patches, a row a Gaussian. */
  readonly #oddSums: Rows
  readonly #sharedSums: Rows

  /** @param patches how many a picture has */
  constructor({ reduction, mixture }: FisherModel, patches: number) {
    const kernel = this.#kernel
    this.#mixture = mixture
    this.#reducer = new PatchReducer(reduction, patches, kernel)
    this.#posteriors = new MixturePosteriors(mixture, this.#reducer, kernel)
    const gaussians = mixture.weights.length
    const odd = padded(this.#reducer.odd)
    const shared = padded(this.#reducer.even) + this.#reducer.width
    this.#odd = kernel.rows(odd, padded(patches))
    this.#shared = kernel.rows(shared, padded(patches))
    this.#oddSums = kernel.rows(gaussians, odd)
    this.#sharedSums = kernel.rows(gaussians, shared)
    this.length = 2 * mixture.means.length
  }

  encode(patches: Patches): Float32Array {
    this.#reducer.reduce(patches)
    this.#squareAndTurn(patches.count)
    const weights = patches.x.map((x, patch) => centreWeight(x, patches.y[patch]!))
    this.#posteriors.weigh(weights)
    this.#kernel.multiply(this.#posteriors.differences, 0, this.#odd, this.#oddSums)
    this.#kernel.multiply(this.#posteriors.sums, 0, this.#shared, this.#sharedSums)
    return toUnit(signedSquareRoot(this.#gradient(weights)))
  }

  #squareAndTurn(count: number): void {
    const { coordinates, width } = this.#reducer
    const { values, stride } = coordinates
    const oddRows = this.#odd.count
    for (let patch = 0; patch < count; patch++) {
      const row = patch * stride
      for (let at = 0; at < width; at++) {
        const value = values[row + at]!
        values[row + width + at] = value * value
        const rows = at < oddRows ? this.#odd : this.#shared
        rows.values[(at < oddRows ? at : at - oddRows) * rows.stride + patch] = value
        this.#shared.values[(width - oddRows + at) * this.#shared.stride + patch] = value * value
      }
    }
  }

  /** Equations 16 and 17 of the paper: all deviations from means, then all from variances. */
  #gradient(patchWeights: Float32Array): Float32Array {
    const { weights, means, variances } = this.#mixture
    const { odd, even } = this.#reducer
    const vector = new Float32Array(this.length)
    const total = 2 * patchWeights.reduce((sum, weight) => sum + weight, 0)
    const { sums } = this.#posteriors
    for (let gaussian = 0; gaussian < weights.length; gaussian++) {
      const mass = sumOf(sums.values.subarray(gaussian * sums.stride, (gaussian + 1) * sums.stride))
      const byMean = 1 / (total * Math.sqrt(weights[gaussian]!))
      const byDeviation = byMean * Math.SQRT1_2
      for (let column = 0; column < odd + even; column++) {
        const at = gaussian * (odd + even) + column
        const mean = means[at]!
        const [sum, squares] = this.#sumsOf(gaussian, column)
        const first = sum - mass * mean
        const second = squares - 2 * mean * sum + mass * mean * mean
        vector[at] = (byMean * first) / Math.sqrt(variances[at]!)
        vector[means.length + at] = byDeviation * (second / variances[at]! - mass)
      }
    }
    return vector
  }

  /** Of one coordinate under one Gaussian: the weighted sum over patches, and that of its square. */
  #sumsOf(gaussian: number, column: number): [number, number] {
    const { odd, even, width } = this.#reducer
    const shared = gaussian * this.#sharedSums.stride
    const squares = shared + padded(even)
    if (column < odd) {
      const sum = this.#oddSums.values[gaussian * this.#oddSums.stride + column]!
      return [sum, this.#sharedSums.values[squares + column]!]
    }
    const evenColumn = column - odd
    const square = this.#sharedSums.values[squares + width - padded(even) + evenColumn]!
    return [this.#sharedSums.values[shared + evenColumn]!, square]
  }
}

function sumOf(values: Float32Array): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return sum
}

/** Patches in the middle weigh more, as that is where a picture's subject tends to be. */
function centreWeight(x: number, y: number): number {
  return Math.exp(-(x * x + y * y) / (2 * 0.3 * 0.3)) + 0.15
}
