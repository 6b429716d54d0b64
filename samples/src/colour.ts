/** A colour as `#rrggbb`, sRGB. */
export type Colour = string

type Channels = readonly [number, number, number]

function channels(colour: Colour): Channels {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function fromChannels(values: readonly number[]): Colour {
  const hex = values.map((value) =>
    Math.round(Math.min(255, Math.max(0, value)))
      .toString(16)
      .padStart(2, '0'),
  )
  return `#${hex.join('')}`
}

/** `a` at share 0, `b` at share 1, straight through sRGB as paint programs do. */
export function mix(a: Colour, b: Colour, share: number): Colour {
  const to = channels(b)
  return fromChannels(channels(a).map((value, at) => value + (to[at]! - value) * share))
}

/** What `colour` looks like under a `light` of that colour. */
export function underLight(colour: Colour, light: Colour): Colour {
  const lit = channels(light)
  return fromChannels(channels(colour).map((value, at) => (value * lit[at]!) / 255))
}

/** Brightness from 0 (black) to 1 (white): Rec. 709 luma of the sRGB values. */
export function luma(colour: Colour): number {
  const [red, green, blue] = channels(colour)
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
}

/** Away from grey by `factor` above 1, towards it below. */
export function saturate(colour: Colour, factor: number): Colour {
  const grey = luma(colour) * 255
  return fromChannels(channels(colour).map((value) => grey + (value - grey) * factor))
}

export const darken = (colour: Colour, share: number): Colour => mix(colour, '#1a1030', share)
export const lighten = (colour: Colour, share: number): Colour => mix(colour, '#fffaf0', share)
