import type { Mixture } from '../../server/src/embedders/visual/fisher/mixture.ts'
import { randomNumbers } from '../random.ts'

/** Variances are kept above this share of the data's own, or a Gaussian could collapse to a point. */
const varianceFloor = 0.01
const kMeansRounds = 8

/**
 * Fits Gaussians with diagonal covariance by expectation maximisation, from k-means centres.
 *
 * @param samples rows of `width` numbers
 * @param rounds of expectation and maximisation
 */
export function fitMixture(
  samples: Float64Array,
  width: number,
  count: number,
  rounds: number,
): Mixture {
  const mixture = startFromKMeans(samples, width, count)
  const floor = columnVariances(samples, width).map((variance) => variance * varianceFloor)
  for (let round = 0; round < rounds; round++) improve(mixture, samples, width, floor)
  return mixture
}

function startFromKMeans(samples: Float64Array, width: number, count: number): Mixture {
  const random = randomNumbers(17)
  const rows = samples.length / width
  const means = new Float32Array(count * width)
  for (let centre = 0; centre < count; centre++) {
    const row = Math.floor(random() * rows)
    means.set(samples.subarray(row * width, (row + 1) * width), centre * width)
  }
  for (let round = 0; round < kMeansRounds; round++) moveCentres(means, samples, width)
  const variances = new Float32Array(count * width)
  const spread = columnVariances(samples, width)
  for (let at = 0; at < variances.length; at++) variances[at] = spread[at % width]!
  return { weights: new Float32Array(count).fill(1 / count), means, variances }
}

function moveCentres(means: Float32Array, samples: Float64Array, width: number): void {
  const count = means.length / width
  const sums = new Float64Array(means.length)
  const members = new Float64Array(count)
  for (let from = 0; from < samples.length; from += width) {
    const own = nearestCentre(means, samples, from, width)
    members[own]! += 1
    for (let at = 0; at < width; at++) sums[own * width + at]! += samples[from + at]!
  }
  for (let at = 0; at < means.length; at++) {
    const size = members[Math.floor(at / width)]!
    if (size > 0) means[at] = sums[at]! / size
  }
}

function nearestCentre(means: Float32Array, samples: Float64Array, from: number, width: number) {
  let best = 0
  let bestDistance = Infinity
  for (let start = 0; start < means.length; start += width) {
    let distance = 0
    for (let at = 0; at < width; at++) {
      const difference = samples[from + at]! - means[start + at]!
      distance += difference * difference
    }
    if (distance < bestDistance) {
      bestDistance = distance
      best = start / width
    }
  }
  return best
}

function columnVariances(samples: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let at = 0; at < samples.length; at++) {
    sums[at % width]! += samples[at]!
    squares[at % width]! += samples[at]! * samples[at]!
  }
  const rows = samples.length / width
  return squares.map((square, at) => square / rows - (sums[at]! / rows) ** 2)
}

function improve(
  { weights, means, variances }: Mixture,
  samples: Float64Array,
  width: number,
  floor: Float64Array,
): void {
  const count = weights.length
  const zeroth = new Float64Array(count)
  const first = new Float64Array(count * width)
  const second = new Float64Array(count * width)
  const shares = new Float64Array(count)
  const constants = logConstants({ weights, means, variances }, width)
  const halfInverse = Float64Array.from(variances, (variance) => 0.5 / variance)
  const centres = Float64Array.from(means)
  for (let from = 0; from < samples.length; from += width) {
    posteriors(samples, from, width, constants, centres, halfInverse, shares)
    for (let gaussian = 0; gaussian < count; gaussian++) {
      const share = shares[gaussian]!
      if (share < 1e-6) continue
      zeroth[gaussian]! += share
      for (let at = 0, to = gaussian * width; at < width; at++, to++) {
        const value = samples[from + at]!
        first[to]! += share * value
        second[to]! += share * value * value
      }
    }
  }
  const rows = samples.length / width
  for (let gaussian = 0; gaussian < count; gaussian++) {
    const mass = Math.max(zeroth[gaussian]!, 1e-9)
    weights[gaussian] = Math.max(mass / rows, 1e-6)
    for (let at = 0, to = gaussian * width; at < width; at++, to++) {
      means[to] = first[to]! / mass
      variances[to] = Math.max(floor[at]!, second[to]! / mass - (first[to]! / mass) ** 2)
    }
  }
}

function logConstants({ weights, variances }: Mixture, width: number): Float64Array {
  return Float64Array.from(weights, (weight, gaussian) => {
    let sum = Math.log(weight)
    for (let at = 0; at < width; at++) sum -= 0.5 * Math.log(variances[gaussian * width + at]!)
    return sum
  })
}

function posteriors(
  samples: Float64Array,
  from: number,
  width: number,
  constants: Float64Array,
  means: Float64Array,
  halfInverse: Float64Array,
  shares: Float64Array,
): void {
  let largest = -Infinity
  for (let gaussian = 0, at = 0; gaussian < shares.length; gaussian++) {
    let log = constants[gaussian]!
    for (let index = 0; index < width; index++, at++) {
      const difference = samples[from + index]! - means[at]!
      log -= difference * difference * halfInverse[at]!
    }
    shares[gaussian] = log
    if (log > largest) largest = log
  }
  let sum = 0
  for (let gaussian = 0; gaussian < shares.length; gaussian++) {
    shares[gaussian] = Math.exp(shares[gaussian]! - largest)
    sum += shares[gaussian]!
  }
  for (let gaussian = 0; gaussian < shares.length; gaussian++) shares[gaussian]! /= sum
}
