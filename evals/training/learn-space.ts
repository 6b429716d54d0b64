import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix'
import { changedEvery, type Samples } from './samples.ts'
import { coordinates, principalSubspace, type DataMatrix } from './principal-subspace.ts'

/** `directions` times (a row of features less `mean`) is a picture's vector, before it is brought to unit length. */
export interface Space {
  readonly directions: Matrix
  readonly mean: Float64Array
}

/** Principal axes that are looked at before the best directions among them are chosen. */
const workingAxes = 512
const ridge = 0.03
/** Powers, found on the two labelled sets: see docs/retrieval-quality.md. */
const withinClasses = -0.3
const betweenMirrored = -0.15
const betweenDrawn = -0.3
const betweenCopies = -0.15
const emphasis = 0.2
/** Share of the mean variance added to each direction's, for those that hardly differ. */
const floor = 0.3

/**
 * Learns a space of `dimensions` for pictures, without labels of theirs. A picture's features are mapped to the mean of
 * its own and its mirror image's (ridge regression). Directions that differ within a class, as far as the network's own
 * classifier tells classes, are scaled down (within-class covariance normalisation, Hatch and others, Interspeech 2006,
 * by a smaller power); so are those that differ between a picture and itself mirrored, drawn, at half size or blurred.
 * Of what varies then, the strongest directions are kept and raised a little further.
 *
 * @param classes probabilities of the classes, a row for each original
 */
export function learnSpace(samples: Samples, classes: DataMatrix, dimensions: number): Space {
  const { mean, axes } = principalSubspace(samples.originals, workingAxes)
  const basis = new Matrix(axes.map((axis) => [...axis]))
  const placed = (data: DataMatrix) => new Matrix(coordinates(data, mean, axes))
  let own = placed(samples.originals)
  let mirrored = placed(samples.mirrored)
  let drawn = samples.drawn.map(placed)
  let copies = samples.copies.map(placed)
  let map = Matrix.eye(workingAxes)
  const apply = (step: Matrix) => {
    map = map.mmul(step)
    own = own.mmul(step)
    mirrored = mirrored.mmul(step)
    drawn = drawn.map((rows) => rows.mmul(step))
    copies = copies.map((rows) => rows.mmul(step))
  }
  apply(averaging(own, mirrored))
  apply(scaled(withinClassCovariance(own, classes), withinClasses))
  apply(scaled(differences(own, [mirrored]), betweenMirrored))
  const changed = range(copies[0]!.rows).map((row) => row * changedEvery)
  const unchanged = () => own.subMatrixRow(changed)
  apply(scaled(differences(unchanged(), drawn), betweenDrawn))
  apply(scaled(differences(unchanged(), copies), betweenCopies))
  const { values, vectors } = eigen(covariance(own))
  const kept = vectors.subMatrixColumn(range(dimensions))
  const gains = Matrix.diag(values.slice(0, dimensions).map((value) => value ** emphasis))
  return { directions: map.mmul(kept).mmul(gains).transpose().mmul(basis), mean }
}

/** Covariance of what changes between pictures and versions of them, half of it, as if either had its share. */
function differences(pictures: Matrix, versions: readonly Matrix[]): Matrix {
  const sum = Matrix.zeros(pictures.columns, pictures.columns)
  for (const version of versions) sum.add(covariance(Matrix.sub(version, pictures)))
  return sum.div(2 * versions.length)
}

/** The map that best predicts the mean of a picture's coordinates and its mirror image's. */
function averaging(own: Matrix, other: Matrix): Matrix {
  const products = own.transpose().mmul(own)
  const regular = Matrix.add(
    products,
    Matrix.eye(own.columns).mul((ridge * products.trace()) / own.columns),
  )
  const target = Matrix.add(own, other).div(2)
  return solve(regular, own.transpose().mmul(target))
}

/** Covariance around what each picture's probable classes have in the mean. */
function withinClassCovariance(rows: Matrix, { values, length }: DataMatrix): Matrix {
  const probabilities = new Matrix(
    range(rows.rows).map((row) => [...values.subarray(row * length, (row + 1) * length)]),
  )
  const centres = probabilities.transpose().mmul(rows)
  const weights = probabilities.sum('column')
  for (let row = 0; row < length; row++) centres.mulRow(row, 1 / (weights[row]! + 1e-3))
  return covariance(Matrix.sub(rows, probabilities.mmul(centres)))
}

function covariance(rows: Matrix): Matrix {
  return rows.transpose().mmul(rows).div(rows.rows)
}

/** `(symmetric + floor)` to a power. */
function scaled(symmetric: Matrix, power: number): Matrix {
  const { values, vectors } = eigen(symmetric)
  const least = (floor * values.reduce((sum, value) => sum + value, 0)) / values.length
  const gains = values.map((value) => (Math.max(0, value) + least) ** power)
  return vectors.mmul(Matrix.diag(gains)).mmul(vectors.transpose())
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
