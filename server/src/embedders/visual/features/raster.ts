import { squareEdge } from '../../../images/square.ts'

/** What descriptors of a fixed size look at. */
export const rasterEdge = squareEdge
export const rasterPixels = rasterEdge * rasterEdge

/** A picture squashed to a square, row-major. */
export interface Raster {
  readonly edge: number
  /** 3 bytes a pixel, sRGB. */
  readonly rgb: Uint8Array
  /** CIE 1976 L*a*b* (D65): `l` 0 to 100, `a` and `b` about -128 to 127. */
  readonly l: Float32Array
  readonly a: Float32Array
  readonly b: Float32Array
}

const linear = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

/**
 * One sRGB colour (bytes) as CIE L*a*b* under D65.
 * Formulas: IEC 61966-2-1 (sRGB) and CIE 15 (L*a*b*).
 */
export function labOf(red: number, green: number, blue: number): [number, number, number] {
  const r = linear[red]!
  const g = linear[green]!
  const b = linear[blue]!
  const x = labCurve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = labCurve(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = labCurve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function labCurve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116
}

/** @param rgb a square, 3 bytes of sRGB a pixel */
export function toRaster(rgb: Uint8Array): Raster {
  const pixels = rgb.length / 3
  const l = new Float32Array(pixels)
  const a = new Float32Array(pixels)
  const b = new Float32Array(pixels)
  for (let pixel = 0, from = 0; pixel < pixels; pixel++, from += 3) {
    const lab = labOf(rgb[from]!, rgb[from + 1]!, rgb[from + 2]!)
    l[pixel] = lab[0]
    a[pixel] = lab[1]
    b[pixel] = lab[2]
  }
  return { edge: Math.sqrt(pixels), rgb, l, a, b }
}

/** A square of half the edge: each pixel the mean of four. */
export function halved(rgb: Uint8Array): Uint8Array {
  const row = Math.sqrt(rgb.length / 3) * 3
  const half = new Uint8Array(rgb.length / 4)
  for (let y = 0, to = 0; y < rgb.length; y += 2 * row) {
    for (let x = y; x < y + row; x += 6) {
      for (let at = x; at < x + 3; at++) {
        half[to++] = (rgb[at]! + rgb[at + 3]! + rgb[at + row]! + rgb[at + row + 3]! + 2) >> 2
      }
    }
  }
  return half
}
