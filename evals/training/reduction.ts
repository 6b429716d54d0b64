import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Reduction } from '../../server/src/embedders/visual/fisher/reduce.ts'

/**
 * Principal components of patch descriptors in mirror coordinates, the sums and the differences apart
 * (over pictures and their mirror images the two halves are uncorrelated), the strongest `components`
 * of both together, scaled to unit variance on average.
 *
 * @param rows descriptors, `length` numbers each
 */
export function learnReduction(rows: Float32Array, length: number, components: number): Reduction {
  const half = length / 2
  const mean = meanOfSums(rows, length)
  const sums = principalAxes(covarianceOfHalf(rows, length, 0, mean))
  const differences = principalAxes(covarianceOfHalf(rows, length, half, new Float64Array(half)))
  const strengths = [...sums.strengths, ...differences.strengths].sort((one, two) => two - one)
  const least = strengths[components - 1]!
  const kept = strengths.slice(0, components)
  const scale = Math.sqrt(components / kept.reduce((sum, strength) => sum + strength, 0))
  return {
    mean: Float32Array.from(mean),
    evenBasis: basisOf(sums, least, scale),
    oddBasis: basisOf(differences, least, scale),
  }
}

interface Axes {
  /** Strongest first. */
  readonly strengths: number[]
  readonly vectors: number[][]
}

function principalAxes(covariance: Matrix): Axes {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  })
  const order = realEigenvalues.map((_, index) => index)
  order.sort((one, two) => realEigenvalues[two]! - realEigenvalues[one]!)
  return {
    strengths: order.map((index) => realEigenvalues[index]!),
    vectors: order.map((index) => eigenvectorMatrix.getColumn(index)),
  }
}

function basisOf({ strengths, vectors }: Axes, least: number, scale: number): Float32Array {
  const kept = vectors.filter((_, index) => strengths[index]! >= least)
  return Float32Array.from(kept.flatMap((vector) => vector.map((value) => value * scale)))
}

function meanOfSums(rows: Float32Array, length: number): Float64Array {
  const mean = new Float64Array(length / 2)
  const count = rows.length / length
  for (let from = 0; from < rows.length; from += length) {
    for (let at = 0; at < mean.length; at++) mean[at]! += rows[from + at]! / count
  }
  return mean
}

function covarianceOfHalf(rows: Float32Array, length: number, start: number, mean: Float64Array) {
  const size = mean.length
  const sums = new Float64Array(size * size)
  const centred = new Float64Array(size)
  for (let from = start; from < rows.length; from += length) {
    for (let at = 0; at < size; at++) centred[at] = rows[from + at]! - mean[at]!
    for (let row = 0; row < size; row++) {
      const value = centred[row]!
      for (let column = 0; column <= row; column++) {
        sums[row * size + column]! += value * centred[column]!
      }
    }
  }
  const covariance = Matrix.zeros(size, size)
  const count = rows.length / length
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const value = sums[row * size + column]! / count
      covariance.set(row, column, value)
      covariance.set(column, row, value)
    }
  }
  return covariance
}
