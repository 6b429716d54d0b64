import {
  clampedShift,
  largest,
  projectShift,
} from '../../../server/src/embedders/visual/network/arithmetic.ts'
import type { Layer, NetworkLayers } from '../../../server/src/embedders/visual/network/shape.ts'
import type { FloatLayer, FloatNetwork } from './float-layers.ts'
import type { ChannelRanges } from './ranges.ts'

/** What bytes stand for, channel by channel: `scale * (byte - zero)`. `mean` is of the values. */
interface Steps {
  readonly scale: Float64Array
  readonly zero: Float64Array
  readonly mean: Float64Array
}

export interface IntegerNetwork {
  readonly layers: NetworkLayers
  /** What a byte of the head's map is worth, by channel. */
  readonly headScale: Float64Array
}

/** A multiplier takes 16 bits; with less than this, sums would saturate before what they become does. */
const largestMultiplier = 30_000
const smallestMultiplier = 128

/**
 * The network in integers: 8-bit weights by output channel, activations of 0..127 by channel, so that a channel of
 * small numbers has small steps; what a channel's step is goes into the weights that read it.
 */
export function quantise(
  network: FloatNetwork,
  ranges: ReadonlyMap<string, ChannelRanges>,
): IntegerNetwork {
  const clamped = (name: string, evenness = 1) => stepsOf(ranges.get(name)!, evenness)
  // Half a byte of colour, rounded down: 2 n + 1/2 stands for both.
  const pixels: Steps = {
    scale: new Float64Array(27).fill(1 / 64),
    zero: new Float64Array(27).fill(63.25),
    mean: new Float64Array(27),
  }
  let steps = clamped('stem')
  const stem = pointwise(network.stem, pixels, steps, clampedShift)
  const chains = chainsOf(network, ranges)
  const blocks = network.blocks.map((block, at) => {
    const entering = steps
    let expand: Layer | undefined
    if (block.expand) {
      steps = clamped(`expand.${at}`)
      expand = pointwise(block.expand, entering, steps, clampedShift)
    }
    const inner = clamped(`depthwise.${at}`, 0.3)
    const depthwise = perChannel(block.depthwise, steps, inner)
    steps = chains[at]!
    const adds = network.shape.blocks[at]!.adds
    // Added to what came in, which has the zero in it already.
    const target = adds ? { ...steps, zero: steps.zero.map(() => 0) } : steps
    const project = pointwise(block.project, inner, target, projectShift)
    return { ...(expand ? { expand } : {}), depthwise, project }
  })
  const headSteps = clamped('head')
  const head = pointwise(network.head, steps, headSteps, clampedShift)
  return { layers: { stem, blocks, head }, headScale: headSteps.scale }
}

/** Blocks that add to each other share their steps, so that adding is exact. */
function chainsOf(network: FloatNetwork, ranges: ReadonlyMap<string, ChannelRanges>): Steps[] {
  const chains: Steps[] = []
  let start = 0
  const { blocks } = network.shape
  const close = (end: number) => {
    const names = blocks
      .slice(start, end)
      .map(({ adds }, at) => (adds ? `sum.${start + at}` : `project.${start + at}`))
    const all = names.map((name) => ranges.get(name)!)
    const low = all[0]!.low.map((_, channel) => Math.min(...all.map((each) => each.low[channel]!)))
    const high = all[0]!.high.map((_, channel) =>
      Math.max(...all.map((each) => each.high[channel]!)),
    )
    for (const { mean } of all) chains.push(stepsOf({ low, high, mean }, 0.3))
    start = end
  }
  for (let at = 1; at <= blocks.length; at++) if (!blocks[at]?.adds) close(at)
  return chains
}

/**
 * A channel reaches farther than in the few pictures that were looked at: one that answers to crabs says little where
 * there is none, and would be cut off where there is one.
 */
const margin = 2
const least = 0.1
/** What ReLU6 lets through. */
const clampedAt = 6

/**
 * @param evenness how far channels of small numbers get small steps: 1 as small as they are, for layers whose readers
 * have a scale for each; 0 all the same. Steps that differ make the weights of a layer that sums over them coarse.
 */
function stepsOf({ low, high, mean }: ChannelRanges, evenness: number): Steps {
  const clamped = low.every((from) => from === 0)
  const widths = high.map((to, channel) => margin * (to - low[channel]!))
  // A projection's widest channel hardly reaches farther than it was seen to.
  const widest = clamped ? clampedAt : (1.1 / margin) * Math.max(...widths)
  const scale = widths.map((width) => {
    const share = Math.min(1, Math.max(width / widest, least))
    return (widest * share ** evenness) / largest
  })
  const zero = low.map((from, channel) => {
    const middle = (from + high[channel]!) / 2
    return clamped ? 0 : Math.round(largest / 2 - middle / scale[channel]!)
  })
  return { scale, zero, mean }
}

function pointwise(layer: FloatLayer, from: Steps, to: Steps, shift: number): Layer {
  const inputs = layer.weights.length / layer.bias.length
  return integer(layer, inputs, shift, to, (_, input) => input, from)
}

function perChannel(layer: FloatLayer, from: Steps, to: Steps): Layer {
  const taps = layer.weights.length / layer.bias.length
  return integer(layer, taps, clampedShift, to, (output) => output, from)
}

function integer(
  { weights, bias }: FloatLayer,
  row: number,
  shift: number,
  to: Steps,
  inputOf: (output: number, at: number) => number,
  from: Steps,
): Layer {
  const integers = {
    weights: new Int8Array(weights.length),
    bias: new Int32Array(bias.length),
    scales: new Int16Array(bias.length),
  }
  const unit = 2 ** (15 + shift)
  bias.forEach((offset, output) => {
    const real = Array.from(
      { length: row },
      (_, at) => weights[output * row + at]! * from.scale[inputOf(output, at)]!,
    )
    const largestWeight = real.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    // Coarser weights where the multiplier would be too small, coarser outputs where it would not fit.
    const step = Math.max(largestWeight / 127, (smallestMultiplier / unit) * to.scale[output]!)
    const out = Math.max(to.scale[output]!, (step * unit) / largestMultiplier)
    to.scale[output] = out
    let sum = offset / step + (to.zero[output]! * out) / step
    real.forEach((weight, at) => {
      const rounded = Math.round(weight / step)
      integers.weights[output * row + at] = rounded
      const input = inputOf(output, at)
      const mean = from.mean[input]! / from.scale[input]!
      // What rounding this weight changes in the mean is put right in the bias.
      sum += (weight / step - rounded) * mean - rounded * from.zero[input]!
    })
    integers.bias[output] = Math.round(sum + 2 ** (shift - 1))
    integers.scales[output] = Math.round((step / out) * unit)
  })
  return integers
}
