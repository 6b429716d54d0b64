import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { normalNumbers } from '../random.ts'

/** Rows of `length` numbers, end to end. */
export interface DataMatrix {
  readonly values: Float32Array
  readonly length: number
}

export interface Subspace {
  readonly mean: Float64Array
  /** Unit vectors, strongest first, and the variance of the data along each. */
  readonly axes: Float64Array[]
  readonly variances: number[]
}

const spare = 16
const rounds = 2
const rowsAtOnce = 16

/**
 * The strongest principal axes of data too wide for a covariance matrix, by subspace iteration from
 * random directions: Halko, Martinsson, Tropp, Finding structure with randomness, SIAM Review 2011,
 * algorithms 4.4 and 5.3.
 */
export function principalSubspace(data: DataMatrix, count: number): Subspace {
  const mean = meanOf(data)
  const random = normalNumbers(23)
  const wanted = Math.min(count + spare, data.length)
  let axes: Float64Array[] = Array.from({ length: wanted }, () => mean.map(() => random()))
  for (let round = 0; round < rounds; round++) {
    axes = orthonormal(timesCovariance(data, mean, axes))
  }
  const images = timesCovariance(data, mean, axes)
  const inner = new Matrix(axes.map((axis) => images.map((image) => dot(axis, image))))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(inner, {
    assumeSymmetric: true,
  })
  const order = realEigenvalues.map((_, index) => index)
  order.sort((one, two) => realEigenvalues[two]! - realEigenvalues[one]!)
  const kept = order.slice(0, count)
  return {
    mean,
    axes: kept.map((index) => combine(axes, eigenvectorMatrix.getColumn(index))),
    variances: kept.map((index) => realEigenvalues[index]!),
  }
}

function meanOf({ values, length }: DataMatrix): Float64Array {
  const mean = new Float64Array(length)
  const share = length / values.length
  for (let from = 0; from < values.length; from += length) {
    for (let at = 0; at < length; at++) mean[at]! += values[from + at]! * share
  }
  return mean
}

/** The covariance times each axis, without ever forming the covariance. */
function timesCovariance(data: DataMatrix, mean: Float64Array, axes: Float64Array[]) {
  const images = axes.map(() => new Float64Array(data.length))
  const share = data.length / data.values.length
  for (const block of rowBlocks(data, mean)) {
    axes.forEach((axis, index) => {
      for (const row of block) addScaled(images[index]!, row, dot(axis, row) * share)
    })
  }
  return images
}

/** Coordinates of every row, less `origin`, along each axis. */
export function coordinates(
  data: DataMatrix,
  origin: Float64Array,
  axes: readonly Float64Array[],
): number[][] {
  const rows: number[][] = []
  for (const block of rowBlocks(data, origin)) {
    const start = rows.length
    for (const _ of block) rows.push([])
    for (const axis of axes) block.forEach((row, at) => rows[start + at]!.push(dot(axis, row)))
  }
  return rows
}

/** Rows a few at a time: they stay in the cache while all axes, far too many for it, pass by. */
function* rowBlocks({ values, length }: DataMatrix, origin: Float64Array) {
  for (let start = 0; start < values.length; start += rowsAtOnce * length) {
    const count = Math.min(rowsAtOnce, (values.length - start) / length)
    yield Array.from({ length: count }, (_, row) =>
      origin.map((middle, at) => values[start + row * length + at]! - middle),
    )
  }
}

/** Gram and Schmidt's process, each vector twice, because once loses orthogonality to rounding. */
function orthonormal(vectors: Float64Array[]): Float64Array[] {
  const done: Float64Array[] = []
  for (const vector of vectors) {
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) addScaled(vector, other, -dot(vector, other))
    }
    const scale = 1 / Math.sqrt(dot(vector, vector))
    for (let at = 0; at < vector.length; at++) vector[at]! *= scale
    done.push(vector)
  }
  return done
}

function combine(axes: Float64Array[], shares: number[]): Float64Array {
  const sum = new Float64Array(axes[0]!.length)
  axes.forEach((axis, index) => addScaled(sum, axis, shares[index]!))
  return sum
}

function dot(one: Float64Array, two: Float64Array): number {
  let even = 0
  let odd = 0
  for (let at = 0; at < one.length; at += 2) {
    even += one[at]! * two[at]!
    odd += one[at + 1]! * two[at + 1]!
  }
  return even + odd
}

function addScaled(sum: Float64Array, vector: Float64Array, scale: number): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += scale * vector[at]!
}
