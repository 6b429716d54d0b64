import type { LearnedModel } from '../../src/embedders/visual/model/learned.ts'
import {
  clampedShift,
  largest,
  projectShift,
} from '../../src/embedders/visual/network/arithmetic.ts'
import {
  outside,
  stemTaps,
  strided,
  type BlockShape,
  type Layer,
  type NetworkLayers,
  type NetworkShape,
} from '../../src/embedders/visual/network/shape.ts'

export interface ReferenceMap {
  readonly bytes: Uint8Array
  readonly edge: number
  readonly channels: number
}

type Watch = (name: string, map: ReferenceMap) => void

/** The network as `network/arithmetic.ts` says it is, one product after the other: slow, and what kernels must equal. */
export function runReference(
  shape: NetworkShape,
  layers: NetworkLayers,
  rgb: Uint8Array,
  watch: Watch = () => {},
): Uint8Array {
  let map = stem(shape, layers.stem, rgb)
  watch('stem', map)
  shape.blocks.forEach((block, at) => {
    const { expand, depthwise, project } = layers.blocks[at]!
    const before = map
    if (expand) {
      map = pointwise(map, expand, clampedShift)
      watch(`expand.${at}`, map)
    }
    map = perChannel(map, depthwise, block)
    watch(`depthwise.${at}`, map)
    map = pointwise(map, project, projectShift, block.adds ? before : undefined)
    watch(`project.${at}`, map)
  })
  map = pointwise(map, layers.head, clampedShift)
  watch('head', map)
  return map.bytes
}

function requantised(sum: number, shift: number, scale: number, added: number): number {
  const shifted = Math.max(-32768, Math.min(32767, sum >> shift))
  const scaled = (shifted * scale + 2 ** 14) >> 15
  return Math.max(0, Math.min(largest, scaled + added))
}

function stem({ edge }: NetworkShape, layer: Layer, rgb: Uint8Array): ReferenceMap {
  const out = strided(edge, 2)
  const channels = layer.bias.length
  const bytes = new Uint8Array(out * out * channels)
  for (let y = 0; y < out; y++) {
    for (let x = 0; x < out; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = layer.bias[channel]!
        for (let tap = 0; tap < stemTaps; tap++) {
          const row = 2 * y - 1 + Math.floor(tap / 9)
          const column = 2 * x - 1 + (Math.floor(tap / 3) % 3)
          const inside = row >= 0 && column >= 0 && row < edge && column < edge
          const pixel = inside ? rgb[(row * edge + column) * 3 + (tap % 3)]! >> 1 : outside
          sum += layer.weights[channel * stemTaps + tap]! * pixel
        }
        const at = (y * out + x) * channels + channel
        bytes[at] = requantised(sum, clampedShift, layer.scales[channel]!, 0)
      }
    }
  }
  return { bytes, edge: out, channels }
}

function pointwise(
  map: ReferenceMap,
  layer: Layer,
  shift: number,
  added?: ReferenceMap,
): ReferenceMap {
  const channels = layer.bias.length
  const pixels = map.edge ** 2
  const bytes = new Uint8Array(pixels * channels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = layer.bias[channel]!
      for (let input = 0; input < map.channels; input++) {
        sum +=
          layer.weights[channel * map.channels + input]! * map.bytes[pixel * map.channels + input]!
      }
      const at = pixel * channels + channel
      bytes[at] = requantised(sum, shift, layer.scales[channel]!, added ? added.bytes[at]! : 0)
    }
  }
  return { bytes, edge: map.edge, channels }
}

function perChannel(map: ReferenceMap, layer: Layer, block: BlockShape): ReferenceMap {
  const { kernel, stride } = block
  const { channels } = map
  const edge = strided(map.edge, stride)
  const bytes = new Uint8Array(edge * edge * channels)
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = layer.bias[channel]!
        for (let tap = 0; tap < kernel * kernel; tap++) {
          const row = y * stride - (kernel >> 1) + Math.floor(tap / kernel)
          const column = x * stride - (kernel >> 1) + (tap % kernel)
          if (row < 0 || column < 0 || row >= map.edge || column >= map.edge) continue
          sum +=
            layer.weights[channel * kernel * kernel + tap]! *
            map.bytes[(row * map.edge + column) * channels + channel]!
        }
        const at = (y * edge + x) * channels + channel
        bytes[at] = requantised(sum, clampedShift, layer.scales[channel]!, 0)
      }
    }
  }
  return { bytes, edge, channels }
}

/** A picture's vector as `model/learned.ts` says it is made of the network's last map, one product after the other. */
export function referenceVector(model: LearnedModel, rgb: Uint8Array): Float32Array {
  const { shape, layers, sums, maxima, offsets } = model
  const map = runReference(shape, layers, rgb)
  const totals = Array.from({ length: shape.head }, () => 0)
  const highest = Array.from({ length: shape.head }, () => 0)
  map.forEach((value, at) => {
    const channel = at % shape.head
    totals[channel]! += value
    highest[channel] = Math.max(highest[channel]!, value)
  })
  const product = (rows: Int8Array, row: number, inputs: readonly number[]) =>
    inputs.reduce((sum, value, at) => sum + rows[row * shape.head + at]! * value, 0)
  const vector = Array.from(
    offsets,
    (offset, row) =>
      sums.scales[row]! * product(sums.rows, row, totals) +
      maxima.scales[row]! * product(maxima.rows, row, highest) -
      offset,
  )
  const length = Math.sqrt(vector.reduce((squares, value) => squares + value * value, 0))
  return Float32Array.from(vector, (value) => value / length)
}
