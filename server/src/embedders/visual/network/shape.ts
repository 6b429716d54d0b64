/** Weights by output channel, then as the layer reads its inputs; one bias and one multiplier a channel. */
export interface Layer {
  readonly weights: Int8Array
  readonly bias: Int32Array
  /** Over 2^15. */
  readonly scales: Int16Array
}

/** Expansion (absent in the first), depthwise convolution, projection: an inverted residual. */
export interface BlockShape {
  readonly kernel: 3 | 5
  readonly stride: 1 | 2
  readonly inputs: number
  /** Channels between expansion and projection. */
  readonly inner: number
  readonly outputs: number
  readonly expands: boolean
  /** What came in is added to what goes out. */
  readonly adds: boolean
}

export interface NetworkShape {
  /** Pixels: a picture is squashed to a square of this edge. */
  readonly edge: number
  readonly stem: number
  readonly blocks: readonly BlockShape[]
  readonly head: number
}

/** The layers in the order in which they are applied. */
export interface NetworkLayers {
  readonly stem: Layer
  readonly blocks: readonly {
    readonly expand?: Layer
    readonly depthwise: Layer
    readonly project: Layer
  }[]
  readonly head: Layer
}

/** Half of the input byte that stands for 0, which surrounds a picture: the network was made for (x - 127) / 128. */
export const outside = 63

/** Taps of the stem: 3 x 3 pixels of 3 bytes, and as many more as make its rows whole groups. */
export const stemTaps = 27
export const stemRow = 32

export function padded(channels: number): number {
  return Math.ceil(channels / 16) * 16
}

/** Edge of what a convolution with `kernel >> 1` pixels of padding makes of `edge`. */
export function strided(edge: number, stride: number): number {
  return Math.ceil(edge / stride)
}
