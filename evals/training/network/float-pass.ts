import {
  Kernel,
  padded,
  type Rows,
} from '../../../server/src/embedders/visual/visual-2/kernel/dot-products.ts'
import { strided, type BlockShape } from '../../../server/src/embedders/visual/network/shape.ts'
import type { FloatLayer, FloatNetwork } from './float-layers.ts'

/** What a layer puts out: `stem`, `expand.3`, `depthwise.3`, `project.3`, `sum.3` or `head`; pixel by pixel. */
export type Watch = (name: string, values: Float32Array, channels: number) => void

interface FloatMap {
  readonly values: Float32Array
  readonly edge: number
  readonly channels: number
}

/** The network in floats, for learning how large its numbers become. */
export class FloatPass {
  readonly #network: FloatNetwork
  readonly #pointwise = new Map<FloatLayer, (input: FloatMap) => FloatMap>()

  constructor(network: FloatNetwork) {
    this.#network = network
  }

  /** @param input values of a picture: edge x edge x 3 */
  run(input: Float32Array, watch: Watch): void {
    const { shape, stem, blocks, head } = this.#network
    let map = this.#stem(stem, input, shape.edge)
    watch('stem', map.values, map.channels)
    blocks.forEach((layers, at) => {
      const block = shape.blocks[at]!
      const before = map
      if (layers.expand) {
        map = clamp(this.#multiply(layers.expand, map))
        watch(`expand.${at}`, map.values, map.channels)
      }
      map = depthwise(block, layers.depthwise, map)
      watch(`depthwise.${at}`, map.values, map.channels)
      map = this.#multiply(layers.project, map)
      watch(`project.${at}`, map.values, map.channels)
      if (!block.adds) return
      map.values.forEach((value, index) => (map.values[index] = value + before.values[index]!))
      watch(`sum.${at}`, map.values, map.channels)
    })
    map = clamp(this.#multiply(head, map))
    watch('head', map.values, map.channels)
  }

  #stem(layer: FloatLayer, input: Float32Array, edge: number): FloatMap {
    const out = strided(edge, 2)
    const taps = new Float32Array(out * out * 28)
    for (let y = 0; y < out; y++) {
      for (let x = 0; x < out; x++) {
        for (let tap = 0; tap < 9; tap++) {
          const row = 2 * y - 1 + Math.floor(tap / 3)
          const column = 2 * x - 1 + (tap % 3)
          if (row < 0 || column < 0 || row >= edge || column >= edge) continue
          for (let byte = 0; byte < 3; byte++) {
            taps[(y * out + x) * 28 + tap * 3 + byte] = input[(row * edge + column) * 3 + byte]!
          }
        }
      }
    }
    return clamp(this.#multiply(layer, { values: taps, edge: out, channels: 28 }, 27))
  }

  /** A 1 x 1 convolution; kernels are set out once a layer. */
  #multiply(layer: FloatLayer, input: FloatMap, inputs = input.channels): FloatMap {
    const multiply = this.#pointwise.get(layer) ?? pointwise(layer, input, inputs)
    this.#pointwise.set(layer, multiply)
    return multiply(input)
  }
}

function pointwise({ weights, bias }: FloatLayer, { edge, channels }: FloatMap, inputs: number) {
  const outputs = bias.length
  const pixels = edge * edge
  const numbers = padded(pixels) * (padded(channels) + padded(outputs))
  const kernel = new Kernel((4 * (numbers + padded(outputs) * padded(channels))) / 2 ** 20 + 1)
  const rows: Rows = kernel.rows(outputs, padded(channels))
  for (let output = 0; output < outputs; output++) {
    for (let at = 0; at < inputs; at++) {
      rows.values[output * rows.stride + at] = weights[output * inputs + at]!
    }
  }
  const from = kernel.rows(pixels, padded(channels))
  const to = kernel.rows(pixels, padded(outputs))
  return (input: FloatMap): FloatMap => {
    from.values.set(input.values)
    kernel.multiply(from, 0, rows, to)
    const values = to.values.slice(0, pixels * outputs)
    for (let at = 0; at < values.length; at += outputs) {
      for (let output = 0; output < outputs; output++) values[at + output]! += bias[output]!
    }
    return { values, edge, channels: outputs }
  }
}

function depthwise(block: BlockShape, { weights, bias }: FloatLayer, input: FloatMap): FloatMap {
  const { kernel, stride, inner } = block
  const edge = strided(input.edge, stride)
  const values = new Float32Array(edge * edge * inner)
  const taps = kernel * kernel
  const byTap = Float32Array.from(
    weights,
    (_, at) => weights[(at % inner) * taps + Math.floor(at / inner)]!,
  )
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      const to = (y * edge + x) * inner
      for (let channel = 0; channel < inner; channel++) values[to + channel] = bias[channel]!
      for (let tap = 0; tap < taps; tap++) {
        const row = y * stride - (kernel >> 1) + Math.floor(tap / kernel)
        const column = x * stride - (kernel >> 1) + (tap % kernel)
        if (row < 0 || column < 0 || row >= input.edge || column >= input.edge) continue
        const from = (row * input.edge + column) * inner
        for (let channel = 0; channel < inner; channel++) {
          values[to + channel]! += byTap[tap * inner + channel]! * input.values[from + channel]!
        }
      }
    }
  }
  return clamp({ values, edge, channels: inner })
}

/** ReLU6. */
function clamp(map: FloatMap): FloatMap {
  const { values } = map
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.min(6, Math.max(0, values[at]!))
  }
  return map
}
