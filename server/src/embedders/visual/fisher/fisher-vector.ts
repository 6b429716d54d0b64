import { signedSquareRoot, toUnit } from '../normalise.ts'
import type { Patches } from './patches.ts'
import { reducePatches, type Reduction } from './reduce.ts'

/** A mixture of Gaussians with diagonal covariance, over the coordinates of a {@link Reduction}. */
export interface Mixture {
  readonly count: number
  /** `count` numbers that sum to 1. */
  readonly weights: Float32Array
  /** `count * width` each. */
  readonly means: Float32Array
  readonly variances: Float32Array
}

/** Posteriors below exp(-12) of the largest change nothing that survives 32-bit rounding. */
const negligible = -12

/**
 * The improved Fisher vector of a picture and its mirror image together: for each Gaussian, how the
 * patches near it deviate from its mean and its variance, `2 * count * width` numbers, square-rooted,
 * unit length. Patches in the middle of the picture weigh more, as that is where its subject tends
 * to be.
 *
 * Source: Perronnin, Sanchez, Mensink, Improving the Fisher kernel for large-scale image
 * classification, ECCV 2010; position in the descriptor: Sanchez et al., Modeling the spatial layout
 * of images beyond spatial pyramids, PRL 2012.
 */
export function fisherVector(
  patches: Patches,
  reduction: Reduction,
  mixture: Mixture,
): Float32Array {
  const sums = accumulate(reducePatches(patches, reduction), patches, reduction, mixture)
  return toUnit(signedSquareRoot(gradientOf(sums, reduction.width, mixture)))
}

interface Sums {
  total: number
  readonly zeroth: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
}

function accumulate(
  reduced: Float64Array,
  patches: Patches,
  { width, even }: Reduction,
  mixture: Mixture,
): Sums {
  const { count } = mixture
  const form = quadraticForm(mixture, width)
  const size = count * width
  const sums: Sums = {
    total: 0,
    zeroth: new Float64Array(count),
    first: new Float64Array(size),
    second: new Float64Array(size),
  }
  const plain = new Float64Array(count)
  const mirrored = new Float64Array(count)
  const row = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let patch = 0; patch < patches.count; patch++) {
    for (let at = 0; at < width; at++) {
      const value = reduced[patch * width + at]!
      row[at] = value
      squares[at] = value * value
    }
    logLikelihoods(form, row, squares, even, plain, mirrored)
    const weight = centreWeight(patches.x[patch]!, patches.y[patch]!)
    toPosteriors(plain, weight)
    toPosteriors(mirrored, weight)
    sums.total += 2 * weight
    addPatch(sums, row, squares, even, plain, mirrored)
  }
  return sums
}

/** 1.15 in the middle, 0.15 + 0.06 in the corners. */
function centreWeight(x: number, y: number): number {
  return Math.exp(-(x * x + y * y) / (2 * 0.3 * 0.3)) + 0.15
}

interface QuadraticForm {
  readonly constant: Float64Array
  readonly linear: Float64Array
  readonly square: Float64Array
}

/** log(weight * density) written as constant + linear . x + square . x^2, the form that costs least. */
function quadraticForm({ count, weights, means, variances }: Mixture, width: number) {
  const constant = new Float64Array(count)
  const linear = new Float64Array(count * width)
  const square = new Float64Array(count * width)
  for (let gaussian = 0; gaussian < count; gaussian++) {
    let sum = Math.log(weights[gaussian]!)
    for (let at = gaussian * width; at < (gaussian + 1) * width; at++) {
      linear[at] = means[at]! / variances[at]!
      square[at] = -0.5 / variances[at]!
      sum -= 0.5 * (Math.log(variances[at]!) + (means[at]! * means[at]!) / variances[at]!)
    }
    constant[gaussian] = sum
  }
  return { constant, linear, square }
}

/** Mirroring negates the odd coordinates, so both pictures share all other terms. */
function logLikelihoods(
  { constant, linear, square }: QuadraticForm,
  row: Float64Array,
  squares: Float64Array,
  even: number,
  plain: Float64Array,
  mirrored: Float64Array,
): void {
  const width = row.length
  for (let gaussian = 0, at = 0; gaussian < plain.length; gaussian++) {
    let shared = constant[gaussian]!
    let odd = 0
    let index = 0
    for (; index < even; index++, at++) {
      shared += linear[at]! * row[index]! + square[at]! * squares[index]!
    }
    for (; index < width; index++, at++) {
      odd += linear[at]! * row[index]!
      shared += square[at]! * squares[index]!
    }
    plain[gaussian] = shared + odd
    mirrored[gaussian] = shared - odd
  }
}

/** In place; sums to `weight`. */
function toPosteriors(logs: Float64Array, weight: number): void {
  let largest = -Infinity
  for (const value of logs) if (value > largest) largest = value
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

function addPatch(
  { zeroth, first, second }: Sums,
  row: Float64Array,
  squares: Float64Array,
  even: number,
  plain: Float64Array,
  mirrored: Float64Array,
): void {
  const width = row.length
  for (let gaussian = 0; gaussian < plain.length; gaussian++) {
    const both = plain[gaussian]! + mirrored[gaussian]!
    if (both === 0) continue
    const difference = plain[gaussian]! - mirrored[gaussian]!
    zeroth[gaussian]! += both
    const start = gaussian * width
    for (let index = 0; index < even; index++) first[start + index]! += both * row[index]!
    for (let index = even; index < width; index++) first[start + index]! += difference * row[index]!
    for (let index = 0; index < width; index++) second[start + index]! += both * squares[index]!
  }
}

/** Equations 16 and 17 of the paper: gradients by mean and by deviation, all means first. */
function gradientOf(sums: Sums, width: number, mixture: Mixture): Float32Array {
  const { count, weights, means, variances } = mixture
  const size = count * width
  const vector = new Float32Array(2 * size)
  for (let gaussian = 0; gaussian < count; gaussian++) {
    const mass = sums.zeroth[gaussian]!
    const byMean = 1 / (sums.total * Math.sqrt(weights[gaussian]!))
    const byDeviation = byMean * Math.SQRT1_2
    for (let at = gaussian * width; at < (gaussian + 1) * width; at++) {
      const mean = means[at]!
      const first = sums.first[at]! - mass * mean
      const second = sums.second[at]! - 2 * mean * sums.first[at]! + mass * mean * mean
      vector[at] = (byMean * first) / Math.sqrt(variances[at]!)
      vector[size + at] = byDeviation * (second / variances[at]! - mass)
    }
  }
  return vector
}
