import type { FloatNetwork } from './float-layers.ts'
import { FloatPass } from './float-pass.ts'

/** What a channel's numbers are, over the pictures that were looked at. */
export interface ChannelRanges {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly mean: Float64Array
}

/**
 * How far every channel's numbers reach, and their mean.
 *
 * @param inputs values of pictures as the network takes them
 * @returns by the name of what a layer puts out
 */
export function learnRanges(
  network: FloatNetwork,
  inputs: readonly Float32Array[],
): Map<string, ChannelRanges> {
  const pass = new FloatPass(network)
  const ranges = new Map<string, ChannelRanges>()
  for (const input of inputs) {
    pass.run(input, (name, values, channels) => {
      const range = ranges.get(name) ?? {
        low: new Float64Array(channels),
        high: new Float64Array(channels),
        mean: new Float64Array(channels),
      }
      ranges.set(name, range)
      const share = channels / values.length / inputs.length
      for (let at = 0, channel = 0; at < values.length; at++) {
        const value = values[at]!
        if (value < range.low[channel]!) range.low[channel] = value
        if (value > range.high[channel]!) range.high[channel] = value
        range.mean[channel]! += value * share
        if (++channel === channels) channel = 0
      }
    })
  }
  return ranges
}
