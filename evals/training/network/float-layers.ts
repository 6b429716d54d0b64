import {
  type BlockShape,
  type NetworkShape,
} from '../../../server/src/embedders/visual/network/shape.ts'
import type { Tensor } from './checkpoint.ts'

/** A convolution with its batch norm folded in: `outputs` rows of weights, taps row by row and inputs last. */
export interface FloatLayer {
  readonly weights: Float64Array
  readonly bias: Float64Array
}

export interface FloatBlock {
  readonly expand?: FloatLayer
  readonly depthwise: FloatLayer
  readonly project: FloatLayer
}

export interface FloatNetwork {
  readonly shape: NetworkShape
  readonly stem: FloatLayer
  readonly blocks: readonly FloatBlock[]
  readonly head: FloatLayer
  /** Of 1,000 classes: weights by class, biases. */
  readonly classifier: FloatLayer
}

const epsilon = 0.001
/** Kernel and stride of the seven stages; Tan, Le, EfficientNet, ICML 2019, table 1, without its attention. */
const stages = [
  [3, 1],
  [3, 2],
  [5, 2],
  [3, 2],
  [5, 1],
  [5, 2],
  [3, 1],
] as const

/** EfficientNet-Lite's layers from a checkpoint's tensors. */
export function floatNetwork(tensors: ReadonlyMap<string, Tensor>, edge: number): FloatNetwork {
  const tensor = (name: string): Tensor => {
    const found = tensors.get(name)
    if (!found) throw new Error(`The checkpoint lacks ${name}.`)
    return found
  }
  const layer = (name: string, norm: string): FloatLayer =>
    folded(
      tensor(`${name}.weight`),
      ...(['weight', 'bias', 'running_mean', 'running_var'] as const).map(
        (part) => tensor(`${norm}.${part}`).values,
      ),
    )
  const shapes: BlockShape[] = []
  const blocks: FloatBlock[] = []
  let inputs = tensor('_conv_stem.weight').shape[0]!
  let stage = -1
  let before = 0
  for (let at = 0; tensors.has(`_blocks.${at}._depthwise_conv.weight`); at++) {
    const name = `_blocks.${at}.`
    const expands = tensors.has(`${name}_expand_conv.weight`)
    const depthwise = tensor(`${name}_depthwise_conv.weight`)
    const outputs = tensor(`${name}_project_conv.weight`).shape[0]!
    const first = outputs !== before
    if (first) stage++
    before = outputs
    const [kernel, stride] = stages[stage]!
    if (depthwise.shape[2] !== kernel) throw new Error(`${name} has a kernel of another size.`)
    shapes.push({
      kernel,
      stride: first ? stride : 1,
      inputs,
      inner: depthwise.shape[0]!,
      outputs,
      expands,
      adds: !first,
    })
    blocks.push({
      ...(expands ? { expand: layer(`${name}_expand_conv`, `${name}_bn0`) } : {}),
      depthwise: layer(`${name}_depthwise_conv`, `${name}_bn1`),
      project: layer(`${name}_project_conv`, `${name}_bn2`),
    })
    inputs = outputs
  }
  const classes = tensor('_fc.weight')
  return {
    shape: {
      edge,
      stem: tensor('_conv_stem.weight').shape[0]!,
      blocks: shapes,
      head: tensor('_conv_head.weight').shape[0]!,
    },
    stem: layer('_conv_stem', '_bn0'),
    blocks,
    head: layer('_conv_head', '_bn1'),
    classifier: {
      weights: Float64Array.from(classes.values),
      bias: Float64Array.from(tensor('_fc.bias').values),
    },
  }
}

/** From [output, input, row, column] to [output, row, column, input], scaled by the norm. */
function folded(
  { shape, values }: Tensor,
  ...[scale, shift, mean, variance]: Float32Array[]
): FloatLayer {
  const [outputs, inputs, height, width] = shape as [number, number, number, number]
  const taps = height * width
  const weights = new Float64Array(values.length)
  const bias = new Float64Array(outputs)
  for (let output = 0; output < outputs; output++) {
    const gain = scale![output]! / Math.sqrt(variance![output]! + epsilon)
    bias[output] = shift![output]! - mean![output]! * gain
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < taps; tap++) {
        weights[(output * taps + tap) * inputs + input] =
          values[(output * inputs + input) * taps + tap]! * gain
      }
    }
  }
  return { weights, bias }
}
