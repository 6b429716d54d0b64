/** Turns device values of 16 bits into sRGB of 8 bits; channels beyond the colours are only made shorter. */
export type ToSrgb = (device: Uint16Array, channels: number) => Uint8Array

type Matrix = readonly number[]

/** Linear sRGB from XYZ relative to D50 (Bradford). Source: B. Lindbloom, "RGB/XYZ Matrices". */
const srgbFromXyz: Matrix = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914,
  1.4052427,
]
const steps = 65_535
let encoded: Uint8Array | undefined

/**
 * Reads an ICC profile that is made of curves and a matrix, or of one curve of grey. libvips resamples these
 * to a coarse cube where pictures have 16 bits, and is up to 9 levels off; this computes each pixel.
 * Source: ICC.1:2022, 8.3.3, 10.6, 10.18.
 *
 * @returns undefined where the profile is of another kind, or none
 */
export function readProfile(icc: Buffer, colours: 1 | 3): ToSrgb | undefined {
  try {
    const space = icc.toString('latin1', 16, 20)
    const tags = readTags(icc)
    if (colours === 3 && space === 'RGB ' && !tags.has('A2B0')) return rgbProfile(icc, tags)
    if (colours === 1 && space === 'GRAY') return greyProfile(icc, tags)
  } catch {
    // A profile that cannot be read says as little as one that is not there.
  }
  return undefined
}

function rgbProfile(icc: Buffer, tags: Tags): ToSrgb | undefined {
  const names = ['r', 'g', 'b']
  if (!names.every((name) => tags.has(`${name}XYZ`) && tags.has(`${name}TRC`))) return undefined
  const curves = names.map((name) => readCurve(icc, tags.get(`${name}TRC`)!))
  const columns = names.map((name) => readXyz(icc, tags.get(`${name}XYZ`)!))
  const matrix = [0, 1, 2].flatMap((row) =>
    columns.map((xyz) => xyz.reduce((sum, v, k) => sum + srgbFromXyz[row * 3 + k]! * v, 0)),
  )
  const encode = srgbCurve()
  return (device, channels) => {
    const out = new Uint8Array(device.length)
    const [red, green, blue] = curves as [Float32Array, Float32Array, Float32Array]
    for (let at = 0; at < device.length; at += channels) {
      const r = red[device[at]!]!
      const g = green[device[at + 1]!]!
      const b = blue[device[at + 2]!]!
      for (let row = 0; row < 3; row++) {
        const linear = matrix[row * 3]! * r + matrix[row * 3 + 1]! * g + matrix[row * 3 + 2]! * b
        out[at + row] = encode[clamp(linear)]!
      }
      for (let more = 3; more < channels; more++) out[at + more] = shorten(device[at + more]!)
    }
    return out
  }
}

function greyProfile(icc: Buffer, tags: Tags): ToSrgb | undefined {
  const tag = tags.get('kTRC')
  if (!tag) return undefined
  const curve = readCurve(icc, tag)
  // With Lab as its other side, the curve gives lightness instead of luminance.
  const linear = icc.toString('latin1', 20, 24) === 'Lab ' ? luminanceOf : (value: number) => value
  const encode = srgbCurve()
  return (device, channels) => {
    const out = new Uint8Array(device.length)
    for (let at = 0; at < device.length; at += channels) {
      out[at] = encode[clamp(linear(curve[device[at]!]!))]!
      for (let more = 1; more < channels; more++) out[at + more] = shorten(device[at + more]!)
    }
    return out
  }
}

interface Tag {
  readonly at: number
  readonly length: number
}
type Tags = Map<string, Tag>

function readTags(icc: Buffer): Tags {
  const tags: Tags = new Map()
  const count = Math.min(icc.readUInt32BE(128), 100)
  for (let index = 0; index < count; index++) {
    const entry = 132 + index * 12
    const at = icc.readUInt32BE(entry + 4)
    tags.set(icc.toString('latin1', entry, entry + 4), { at, length: icc.readUInt32BE(entry + 8) })
  }
  return tags
}

const fixed = (icc: Buffer, at: number) => icc.readInt32BE(at) / 65_536

function readXyz(icc: Buffer, { at }: Tag): number[] {
  return [8, 12, 16].map((offset) => fixed(icc, at + offset))
}

/** A device value of 16 bits -> linear light, 0 to 1. */
function readCurve(icc: Buffer, { at }: Tag): Float32Array {
  const type = icc.toString('latin1', at, at + 4)
  if (type !== 'curv' && type !== 'para') throw new Error(`a curve of type ${type}`)
  const curve = type === 'para' ? parametric(icc, at) : sampled(icc, at)
  return Float32Array.from({ length: steps + 1 }, (_, device) => curve(device / steps))
}

function sampled(icc: Buffer, at: number): (x: number) => number {
  const count = icc.readUInt32BE(at + 8)
  if (count === 0) return (x) => x
  if (count === 1) {
    const gamma = icc.readUInt16BE(at + 12) / 256
    return (x) => x ** gamma
  }
  const value = (index: number) => icc.readUInt16BE(at + 12 + index * 2) / 65_535
  return (x) => {
    const place = x * (count - 1)
    const below = Math.min(Math.floor(place), count - 2)
    return value(below) + (value(below + 1) - value(below)) * (place - below)
  }
}

function parametric(icc: Buffer, at: number): (x: number) => number {
  const kind = icc.readUInt16BE(at + 8)
  const counts = [1, 3, 4, 5, 7]
  const given = Array.from({ length: counts[kind]! }, (_, k) => fixed(icc, at + 12 + k * 4))
  const [g = 1, a = 1, b = 0] = given
  const power = (x: number) => Math.max(0, a * x + b) ** g
  if (kind === 0) return (x) => x ** g
  if (kind === 1) return (x) => (x >= -b / a ? power(x) : 0)
  if (kind === 2) return (x) => (x >= -b / a ? power(x) : 0) + given[3]!
  const [, , , c = 0, d = 0, e = 0, f = 0] = given
  return (x) => (x >= d ? power(x) + e : c * x + f)
}

/** Lightness 0 to 1 -> luminance 0 to 1 (CIE 1976). */
function luminanceOf(lightness: number): number {
  const f = (lightness * 100 + 16) / 116
  return f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29)
}

/** Linear light in `steps` -> sRGB. Source: IEC 61966-2-1. */
function srgbCurve(): Uint8Array {
  encoded ??= Uint8Array.from({ length: steps + 1 }, (_, index) => {
    const linear = index / steps
    const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
    return Math.round(value * 255)
  })
  return encoded
}

function clamp(linear: number): number {
  return linear <= 0 ? 0 : linear >= 1 ? steps : Math.round(linear * steps)
}

function shorten(value: number): number {
  return Math.round(value / 257)
}
