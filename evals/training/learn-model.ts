import { Matrix, solve } from 'ml-matrix'
import {
  classCount,
  vectorLength,
  type LearnedModel,
  type ScaledRows,
} from '../../server/src/embedders/visual/model/learned.ts'
import { unit } from '../../server/src/embedders/visual/model/eye.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import { resizePixels } from '../../server/src/images/encode.ts'
import { softmax } from '../../server/src/names/recognise.ts'
import { learnSpace } from './learn-space.ts'
import { learnTrust } from './learn-trust.ts'
import { changedEvery, gatherSamples } from './samples.ts'
import { coordinates, type DataMatrix } from './principal-subspace.ts'
import { floatNetwork, type FloatLayer } from './network/float-layers.ts'
import { HeadFeatures } from './network/head-features.ts'
import { quantise } from './network/quantise.ts'
import { learnRanges } from './network/ranges.ts'
import type { Tensor } from './network/checkpoint.ts'

const edge = 224
/** Pictures that show how large the network's numbers become. */
const looked = 60
/** What a maximum counts beside a mean. */
const maximaWeight = 0.3
const ridge = 0.01

type Report = (progress: string) => void

/**
 * Makes the built-in embedder's model of a checkpoint and of pictures without labels. The same give the same model.
 *
 * @param files a few thousand pictures, unlike each other
 */
export async function learnModel(
  tensors: ReadonlyMap<string, Tensor>,
  files: readonly string[],
  report: Report,
): Promise<LearnedModel> {
  const network = floatNetwork(tensors, edge)
  report(`Ranges of the network's numbers, from ${looked} pictures`)
  const chosen = Array.from(
    { length: looked },
    (_, at) => files[Math.floor((at * files.length) / looked)]!,
  )
  const inputs: Float32Array[] = []
  for (const file of chosen) {
    inputs.push(Float32Array.from(await squareOf(file), (byte) => (byte - 127) / 128))
  }
  const { layers, headScale } = quantise(network, learnRanges(network, inputs))
  const { head } = network.shape
  const features = new HeadFeatures(network.shape, layers)
  const worth = featureWorth(headScale, features.pixels)
  const classifier = classifierRows(network.classifier, worth.subarray(0, head))
  report(`Features of ${files.length} pictures, mirrored, drawn and copied`)
  const samples = await gatherSamples(files, edge, features, worth)
  const scores = classScores(network.classifier, samples.originals)
  const classes = probabilities(scores)
  const drawnClasses = samples.drawn.map((data) =>
    probabilities(classScores(network.classifier, data)),
  )
  report('Space')
  const { directions, mean } = learnSpace(samples, classes, vectorLength)
  const sums = scaledRows(directions, worth, 0, head)
  const maxima = scaledRows(directions, worth, head, 2 * head)
  const offsets = Float32Array.from({ length: vectorLength }, (_, row) =>
    directions.getRow(row).reduce((sum, value, at) => sum + value * mean[at]!, 0),
  )
  report('Classes among the vectors, and how far names can be believed')
  const axes = directions.to2DArray().map((row) => Float64Array.from(row))
  const vectors = coordinates(samples.originals, mean, axes).map((row) => [
    ...unit(Float64Array.from(row)),
  ])
  return {
    shape: network.shape,
    layers,
    sums,
    maxima,
    offsets,
    classifier,
    classVectors: classVectors(new Matrix(vectors), scores),
    trust: learnTrust(classes, drawnClasses, changedEvery),
  }
}

async function squareOf(file: string): Promise<Uint8Array> {
  return resizePixels(await decodeImage(file, 200), edge, edge)
}

/** What a byte of a feature is worth: sums are taken as means, maxima at their weight. */
function featureWorth(headScale: Float64Array, pixels: number): Float64Array {
  const worth = new Float64Array(2 * headScale.length)
  headScale.forEach((scale, at) => {
    worth[at] = scale / pixels
    worth[headScale.length + at] = scale * maximaWeight
  })
  return worth
}

/** Some columns of `directions`, over features as integers, in 8 bits. */
function scaledRows(directions: Matrix, worth: Float64Array, from: number, to: number): ScaledRows {
  const length = to - from
  const rows = new Int8Array(directions.rows * length)
  const scales = new Float32Array(directions.rows)
  for (let row = 0; row < directions.rows; row++) {
    const values = directions
      .getRow(row)
      .slice(from, to)
      .map((value, at) => value * worth[from + at]!)
    scales[row] = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127
    values.forEach((value, at) => (rows[row * length + at] = Math.round(value / scales[row]!)))
  }
  return { rows, scales }
}

function classifierRows({ weights, bias }: FloatLayer, worth: Float64Array) {
  const length = weights.length / bias.length
  const matrix = new Matrix(
    Array.from(bias, (_, row) => [...weights.subarray(row * length, (row + 1) * length)]),
  )
  return { ...scaledRows(matrix, worth, 0, length), bias: Float32Array.from(bias) }
}

/** A row for each of `data`, whose first columns are means of the head's map. */
function classScores({ weights, bias }: FloatLayer, { values, length }: DataMatrix): DataMatrix {
  const inputs = weights.length / bias.length
  const rows = values.length / length
  const scores = new Float32Array(rows * bias.length)
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < bias.length; index++) {
      let sum = bias[index]!
      for (let input = 0; input < inputs; input++) {
        sum += weights[index * inputs + input]! * values[row * length + input]!
      }
      scores[row * bias.length + index] = sum
    }
  }
  return { values: scores, length: bias.length }
}

function probabilities({ values, length }: DataMatrix): DataMatrix {
  const shares = new Float32Array(values.length)
  for (let start = 0; start < values.length; start += length) {
    shares.set(softmax(Float64Array.from(values.subarray(start, start + length))), start)
  }
  return { values: shares, length }
}

/**
 * Where the classes lie: ridge regression from pictures' vectors to the classes' scores, less their means. Its weights
 * are the directions along which a class's score grows.
 */
function classVectors(rows: Matrix, { values, length }: DataMatrix): Int8Array {
  const targets = new Matrix(
    Array.from({ length: rows.rows }, (_, row) => [
      ...values.subarray(row * length, (row + 1) * length),
    ]),
  )
  rows.subRowVector(rows.mean('column'))
  targets.subRowVector(targets.mean('column'))
  const products = rows.transpose().mmul(rows)
  const regular = Matrix.add(
    products,
    Matrix.eye(vectorLength).mul((ridge * products.trace()) / vectorLength),
  )
  const weights = solve(regular, rows.transpose().mmul(targets))
  const packed = new Int8Array(classCount * vectorLength)
  for (let row = 0; row < classCount; row++) {
    const column = weights.getColumn(row)
    const most = column.reduce((one, value) => Math.max(one, Math.abs(value)), 0)
    column.forEach(
      (value, at) => (packed[row * vectorLength + at] = Math.round((127 * value) / most)),
    )
  }
  return packed
}
