import { readFileSync } from 'node:fs'
import {
  decodeConstants,
  encodeConstants,
  tensorNamed,
  type Constants,
  type Tensor,
} from '../constants-file.ts'
import type { BlockShape, Layer, NetworkLayers, NetworkShape } from '../network/shape.ts'

/** Numbers of a picture's vector. */
export const vectorLength = 224
export const embedderId = `visual:3@${vectorLength}`
export const classCount = 1000

/** Rows of 8-bit weights, each with a scale of its own. */
export interface ScaledRows {
  readonly rows: Int8Array
  readonly scales: Float32Array
}

/** Everything that is learned. */
export interface LearnedModel {
  readonly shape: NetworkShape
  readonly layers: NetworkLayers
  /**
   * A picture's vector before it is brought to unit length: rows over the sums of the head's map (over all its pixels),
   * rows over its maxima, less an offset.
   */
  readonly sums: ScaledRows
  readonly maxima: ScaledRows
  readonly offsets: Float32Array
  /** Scores of the classes: rows over the sums, plus a bias. */
  readonly classifier: ScaledRows & { readonly bias: Float32Array }
  /** Where each class lies among the pictures' vectors: unit length times 127, in the same dimensions. */
  readonly classVectors: Int8Array
  /** How far each name of the vocabulary can be believed, in its order: 0 to 1. */
  readonly trust: Float32Array
}

export const modelFile = new URL('../visual-3.bin', import.meta.url)

/** @throws Error when the file is damaged or made for another version */
export function loadModel(file: URL = modelFile): LearnedModel {
  return unpack(decodeConstants(readFileSync(file), embedderId))
}

const blockNumbers = 7

export function packModel(model: LearnedModel, record: Constants['record']): Buffer {
  const tensors: Record<string, Tensor> = { shape: packShape(model.shape) }
  const add = (prefix: string, fields: object) => {
    for (const [name, tensor] of Object.entries(fields)) tensors[`${prefix}.${name}`] = tensor
  }
  add('stem', model.layers.stem)
  model.layers.blocks.forEach((block, at) => {
    for (const [name, layer] of Object.entries(block)) add(`block.${at}.${name}`, layer)
  })
  add('head', model.layers.head)
  add('sums', model.sums)
  add('maxima', model.maxima)
  tensors['offsets'] = model.offsets
  add('classifier', model.classifier)
  tensors['classVectors'] = model.classVectors
  tensors['trust'] = model.trust
  return encodeConstants({ id: embedderId, record, tensors })
}

function unpack(constants: Constants): LearnedModel {
  const floats = (name: string) => tensorNamed(constants, name, Float32Array)
  const bytes = (name: string) => tensorNamed(constants, name, Int8Array)
  const rows = (name: string) => ({ rows: bytes(`${name}.rows`), scales: floats(`${name}.scales`) })
  const layer = (name: string): Layer => ({
    weights: bytes(`${name}.weights`),
    bias: tensorNamed(constants, `${name}.bias`, Int32Array),
    scales: tensorNamed(constants, `${name}.scales`, Int16Array),
  })
  const shape = unpackShape(tensorNamed(constants, 'shape', Int32Array))
  const blocks = shape.blocks.map(({ expands }, at) => ({
    ...(expands ? { expand: layer(`block.${at}.expand`) } : {}),
    depthwise: layer(`block.${at}.depthwise`),
    project: layer(`block.${at}.project`),
  }))
  return {
    shape,
    layers: { stem: layer('stem'), blocks, head: layer('head') },
    sums: rows('sums'),
    maxima: rows('maxima'),
    offsets: floats('offsets'),
    classifier: { ...rows('classifier'), bias: floats('classifier.bias') },
    classVectors: bytes('classVectors'),
    trust: floats('trust'),
  }
}

function packShape({ edge, stem, head, blocks }: NetworkShape): Int32Array {
  return Int32Array.from([
    edge,
    stem,
    head,
    ...blocks.flatMap((block) => [
      block.kernel,
      block.stride,
      block.inputs,
      block.inner,
      block.outputs,
      Number(block.expands),
      Number(block.adds),
    ]),
  ])
}

function unpackShape(numbers: Int32Array): NetworkShape {
  const [edge, stem, head] = numbers as unknown as [number, number, number]
  const blocks: BlockShape[] = []
  for (let at = 3; at < numbers.length; at += blockNumbers) {
    const [kernel, stride, inputs, inner, outputs, expands, adds] = numbers.subarray(
      at,
      at + blockNumbers,
    )
    blocks.push({
      kernel: kernel as BlockShape['kernel'],
      stride: stride as BlockShape['stride'],
      inputs: inputs!,
      inner: inner!,
      outputs: outputs!,
      expands: expands === 1,
      adds: adds === 1,
    })
  }
  return { edge, stem, head, blocks }
}
