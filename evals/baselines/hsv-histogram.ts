import type { Raster } from '../../server/src/embedders/visual/features/raster.ts'

const hues = 8
const saturations = 4
const values = 4

export const hsvHistogramLength = hues * saturations * values

/**
 * A plain colour histogram, the simplest thing that might work: shares of 8 hues x 4 saturations x
 * 4 values (Swain, Ballard, Color indexing, IJCV 1991), not normalised to unit length.
 */
export function hsvHistogram({ rgb }: Raster): Float32Array {
  const histogram = new Float32Array(hsvHistogramLength)
  for (let at = 0; at < rgb.length; at += 3)
    histogram[binOf(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!)]!++
  return histogram
}

function binOf(red: number, green: number, blue: number): number {
  const value = Math.max(red, green, blue)
  const chroma = value - Math.min(red, green, blue)
  const saturation = value === 0 ? 0 : chroma / value
  const hue = hueOf(red, green, blue, value, chroma)
  const bin = (share: number, bins: number) => Math.min(bins - 1, Math.floor(share * bins))
  return (
    (bin(hue, hues) * saturations + bin(saturation, saturations)) * values +
    bin(value / 255, values)
  )
}

/** 0 to 1 around the circle, red first; 0 for greys. */
function hueOf(red: number, green: number, blue: number, value: number, chroma: number): number {
  if (chroma === 0) return 0
  if (value === red) return (((green - blue) / chroma + 6) % 6) / 6
  return (value === green ? (blue - red) / chroma + 2 : (red - green) / chroma + 4) / 6
}
