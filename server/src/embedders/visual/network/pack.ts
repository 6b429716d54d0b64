/** Pixels and output channels that the kernel works on at once. */
export const tilePixels = 5
export const blockChannels = 8

/** The order in which the kernel reads weights: a block of channels, of each group of four inputs all together. */
export function packPointwise(
  weights: Int8Array,
  inputs: number,
  outputs: number,
  row = inputs,
): Int8Array {
  const blocks = Math.ceil(outputs / blockChannels)
  const packed = new Int8Array(blocks * blockChannels * row)
  for (let output = 0; output < outputs; output++) {
    const start =
      Math.floor(output / blockChannels) * blockChannels * row + (output % blockChannels) * 4
    for (let input = 0; input < inputs; input++) {
      packed[start + (input >> 2) * 4 * blockChannels + (input & 3)] =
        weights[output * inputs + input]!
    }
  }
  return packed
}

/** Which group of four, and which of the four, each tap of a depthwise kernel is: see the kernel's text. */
function placeOf(kernel: 3 | 5, row: number, column: number): [group: number, at: number] {
  if (row < 4) return [column, row]
  return column < 4 ? [kernel, column] : [kernel + 1, 0]
}

export function packDepthwise(weights: Int8Array, kernel: 3 | 5, channels: number): Int8Array {
  const groups = kernel === 3 ? 3 : 7
  const packed = new Int8Array((channels / 16) * groups * 64)
  for (let channel = 0; channel < channels; channel++) {
    const start = (channel >> 4) * groups * 64 + (channel & 15) * 4
    for (let tap = 0; tap < kernel * kernel; tap++) {
      const [group, at] = placeOf(kernel, Math.floor(tap / kernel), tap % kernel)
      packed[start + group * 64 + at] = weights[channel * kernel * kernel + tap]!
    }
  }
  return packed
}
