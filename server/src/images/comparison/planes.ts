import type { Sketch } from './sketch.ts'

/** One channel of a picture, row-major. */
export interface Plane {
  readonly data: Float32Array
  readonly width: number
  readonly height: number
}

/** From each size of a picture to the next smaller one. */
export const levelRatio = 0.8
const levels = 6
const smallestEdge = 20

/** The luma of a picture in sizes that shrink by `levelRatio`, and its colour. */
export interface Planes {
  readonly width: number
  readonly height: number
  readonly levels: readonly Plane[]
  /** Rec. 601 colour differences. */
  readonly cb: Plane
  readonly cr: Plane
}

export function planesOf({ rgb, width, height }: Sketch): Planes {
  const plane = () => ({ data: new Float32Array(width * height), width, height })
  const [luma, cb, cr] = [plane(), plane(), plane()]
  for (let at = 0, from = 0; at < width * height; at++, from += 3) {
    const [red, green, blue] = [rgb[from]!, rgb[from + 1]!, rgb[from + 2]!]
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue
    luma.data[at] = grey
    cb.data[at] = 0.564 * (blue - grey)
    cr.data[at] = 0.713 * (red - grey)
  }
  return { width, height, levels: pyramidOf(luma), cb, cr }
}

/** The same picture seen in a mirror. */
export function mirrored({ width, height, levels, cb, cr }: Planes): Planes {
  return { width, height, levels: levels.map(flip), cb: flip(cb), cr: flip(cr) }
}

function flip({ data, width, height }: Plane): Plane {
  const flipped = data.slice()
  for (let y = 0; y < height; y++) flipped.subarray(y * width, (y + 1) * width).reverse()
  return { data: flipped, width, height }
}

function pyramidOf(luma: Plane): Plane[] {
  const made = [luma]
  for (let level = 1; level < levels; level++) {
    const scale = levelRatio ** level
    const width = Math.round(luma.width * scale)
    const height = Math.round(luma.height * scale)
    if (Math.min(width, height) < smallestEdge) break
    made.push(shrink(made[level - 1]!, width, height))
  }
  return made
}

/** Bilinear after a slight blur, which is enough for a step of `levelRatio`. */
function shrink(from: Plane, width: number, height: number): Plane {
  const blurred = blur(from, 0.12)
  const data = new Float32Array(width * height)
  for (let y = 0, at = 0; y < height; y++) {
    const fromY = ((y + 0.5) * from.height) / height - 0.5
    for (let x = 0; x < width; x++, at++) {
      data[at] = sample(blurred, ((x + 0.5) * from.width) / width - 0.5, fromY)
    }
  }
  return { data, width, height }
}

/** Weighs each pixel's neighbours by `side` in both directions, itself by what is left. */
export function blur({ data, width, height }: Plane, side: number): Plane {
  const middle = 1 - 2 * side
  const across = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) {
      const left = data[row + (x > 0 ? x - 1 : 0)]!
      const right = data[row + (x < width - 1 ? x + 1 : x)]!
      across[row + x] = middle * data[row + x]! + side * (left + right)
    }
  }
  const both = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    const above = y > 0 ? row - width : row
    const below = y < height - 1 ? row + width : row
    for (let x = 0; x < width; x++) {
      both[row + x] = middle * across[row + x]! + side * (across[above + x]! + across[below + x]!)
    }
  }
  return { data: both, width, height }
}

/** Bilinear; outside, the nearest edge goes on. */
export function sample({ data, width, height }: Plane, x: number, y: number): number {
  const insideX = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const insideY = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const left = insideX | 0
  const top = insideY | 0
  const right = insideX - left
  const down = insideY - top
  const at = top * width + left
  const next = left < width - 1 ? 1 : 0
  const below = top < height - 1 ? width : 0
  const upper = data[at]! + right * (data[at + next]! - data[at]!)
  const lower = data[at + below]! + right * (data[at + below + next]! - data[at + below]!)
  return upper + down * (lower - upper)
}
