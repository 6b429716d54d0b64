import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Projection } from '../../server/src/embedders/visual/projection.ts'
import {
  coordinates,
  principalSubspace,
  type DataMatrix,
  type Subspace,
} from './principal-subspace.ts'

/** How many principal axes are looked at before the best directions among them are chosen. */
export const workingAxes = 400
/** Share of the overall variance added to that between copies, for directions copies hardly touch. */
const ridge = 0.03
/** 0 would keep variances, 0.5 make those between copies equal; between the two retrieves best. */
const whitening = 0.42

/**
 * Learns which few directions of a descriptor tell pictures apart. Each direction is scaled down by how
 * much it differs between a picture and a changed copy of it; of what then varies most between
 * pictures, `dimensions` directions are kept.
 *
 * Sources: Mikolajczyk, Matas, Improving descriptors for fast tree matching by optimal linear
 * projection, ICCV 2007 (whitening by the differences of matching pairs); Jegou, Chum, Negative
 * evidences and co-occurrences in image retrieval, ECCV 2012 (centring and whitening).
 *
 * @param originals one row a picture, at least {@link workingAxes} of them
 * @param copies a changed copy of each, in the same order
 */
export function learnProjection(
  originals: DataMatrix,
  copies: DataMatrix,
  dimensions: number,
): Projection {
  const subspace = principalSubspace(originals, Math.min(workingAxes, originals.length))
  const noise = varianceBetween(originals, copies, subspace)
  const overall = Matrix.diag(subspace.variances)
  const scaling = power(Matrix.add(noise, Matrix.mul(overall, ridge)), -whitening)
  const { vectors } = eigen(scaling.mmul(overall).mmul(scaling))
  const directions = vectors.subMatrixColumn(range(dimensions)).transpose().mmul(scaling)
  return quantise(
    directions.mmul(new Matrix(subspace.axes.map((axis) => [...axis]))),
    subspace.mean,
  )
}

/** Half the mean square difference of a picture and its copy, in coordinates of the subspace. */
function varianceBetween(
  originals: DataMatrix,
  copies: DataMatrix,
  { mean, axes }: Subspace,
): Matrix {
  const differences = new Matrix(coordinates(originals, mean, axes))
  differences.sub(new Matrix(coordinates(copies, mean, axes)))
  return differences
    .transpose()
    .mmul(differences)
    .div(2 * differences.rows)
}

function power(symmetric: Matrix, exponent: number): Matrix {
  const { values, vectors } = eigen(symmetric)
  return vectors
    .mmul(Matrix.diag(values.map((value) => value ** exponent)))
    .mmul(vectors.transpose())
}

/** Largest first; vectors are columns. */
function eigen(symmetric: Matrix) {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  })
  const order = range(realEigenvalues.length)
  order.sort((one, two) => realEigenvalues[two]! - realEigenvalues[one]!)
  return {
    values: order.map((index) => realEigenvalues[index]!),
    vectors: eigenvectorMatrix.subMatrixColumn(order),
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}

/** Each row by its own scale, so that its largest number becomes 127. */
function quantise(directions: Matrix, mean: Float64Array): Projection {
  const rows = new Int8Array(directions.rows * directions.columns)
  const scales = new Float32Array(directions.rows)
  const offsets = new Float32Array(directions.rows)
  for (let row = 0; row < directions.rows; row++) {
    const values = directions.getRow(row)
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127
    let offset = 0
    values.forEach((value, at) => {
      const rounded = Math.round(value / scale)
      rows[row * values.length + at] = rounded
      offset += scale * rounded * mean[at]!
    })
    scales[row] = scale
    offsets[row] = offset
  }
  return { rows, scales, offsets }
}
