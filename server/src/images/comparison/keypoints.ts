import { blur, levelRatio, type Plane, type Planes } from './planes.ts'

/** Points of a picture that are found again, as columns. */
export interface Keypoints {
  readonly count: number
  /** In pixels of the largest level. */
  readonly x: Float32Array
  readonly y: Float32Array
  /** Radians, of the direction in which it gets brighter. */
  readonly angle: Float32Array
  /** How many pixels of the largest level are one of the level it was found in. */
  readonly scale: Float32Array
  /** `words` 32-bit words each. */
  readonly descriptors: Uint32Array
}

export const words = 8
const bits = words * 32
/** Points that are kept of each size: few, for every pair of two pictures' points is compared. */
const perLevel = [70, 50, 35, 25, 15, 10]
const margin = 7
const cell = 14
const perCell = 3
const centroidRadius = 6
const reach = 9
const turns = 30

/**
 * Corners (Shi and Tomasi, "Good Features to Track", 1994) at several sizes, each with the direction of its intensity
 * centroid and a description of its surroundings turned by it: E. Rublee et al., "ORB: an efficient alternative
 * to SIFT or SURF", 2011.
 */
export function keypointsOf({ levels }: Planes): Keypoints {
  const found = levels.flatMap((plane, level) =>
    corners(plane, perLevel[level]!).map((at) => ({ at, level })),
  )
  const count = found.length
  const points = {
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    angle: new Float32Array(count),
    scale: new Float32Array(count),
    descriptors: new Uint32Array(count * words),
  }
  const smooth = levels.map((plane) => blur(plane, 0.25))
  for (const [index, { at, level }] of found.entries()) {
    const plane = smooth[level]!
    const x = at % plane.width
    const y = (at - x) / plane.width
    const scale = levels[0]!.width / plane.width
    points.x[index] = (x + 0.5) * scale - 0.5
    points.y[index] = (y + 0.5) * scale - 0.5
    points.scale[index] = levelRatio ** -level
    const angle = direction(plane, x, y)
    points.angle[index] = angle
    describe(
      plane,
      { x, y, angle },
      points.descriptors.subarray(index * words, (index + 1) * words),
    )
  }
  return points
}

/** Indexes of the pixels that are corners, the clearest of each neighbourhood. */
function corners(plane: Plane, most: number): number[] {
  const { width, height } = plane
  const response = cornerResponse(plane)
  const cells = new Map<number, number[]>()
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin; x < width - margin; x++) {
      const at = y * width + x
      if (response[at]! < 4 || !isPeak(response, at, width)) continue
      const key = Math.floor(y / cell) * 1000 + Math.floor(x / cell)
      const there = cells.get(key)
      if (there) there.push(at)
      else cells.set(key, [at])
    }
  }
  const clearer = (one: number, other: number) => response[other]! - response[one]!
  const spread = [...cells.values()].flatMap((there) => there.sort(clearer).slice(0, perCell))
  return spread.sort(clearer).slice(0, most)
}

function isPeak(response: Float32Array, at: number, width: number): boolean {
  const value = response[at]!
  for (const step of [1, width - 1, width, width + 1]) {
    if (response[at + step]! > value || response[at - step]! >= value) return false
  }
  return true
}

/** The smaller eigenvalue of the structure tensor over 3 x 3 pixels. */
function cornerResponse({ data, width, height }: Plane): Float32Array {
  const size = width * height
  const [xx, xy, yy] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)]
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, at = y * width + 1; x < width - 1; x++, at++) {
      const right = (data[at + 1]! - data[at - 1]!) / 2
      const down = (data[at + width]! - data[at - width]!) / 2
      xx[at] = right * right
      xy[at] = right * down
      yy[at] = down * down
    }
  }
  const plane = (values: Float32Array) => blur({ data: values, width, height }, 0.3).data
  const [sumXx, sumXy, sumYy] = [plane(xx), plane(xy), plane(yy)]
  const response = new Float32Array(size)
  for (let at = 0; at < size; at++) {
    const half = (sumXx[at]! + sumYy[at]!) / 2
    const difference = (sumXx[at]! - sumYy[at]!) / 2
    response[at] = half - Math.sqrt(difference * difference + sumXy[at]! * sumXy[at]!)
  }
  return response
}

const disc = Array.from({ length: (2 * centroidRadius + 1) ** 2 }, (_, index) => ({
  x: (index % (2 * centroidRadius + 1)) - centroidRadius,
  y: Math.floor(index / (2 * centroidRadius + 1)) - centroidRadius,
})).filter(({ x, y }) => x * x + y * y <= centroidRadius ** 2)

function direction({ data, width }: Plane, x: number, y: number): number {
  let [momentX, momentY] = [0, 0]
  for (const offset of disc) {
    const value = data[(y + offset.y) * width + x + offset.x]!
    momentX += offset.x * value
    momentY += offset.y * value
  }
  return Math.atan2(momentY, momentX)
}

/** For each of `turns` directions, `bits` pairs of places to compare: x, y, x, y. */
const patterns = patternsOf()

function patternsOf(): Int8Array[] {
  let state = 20_111
  const uniform = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) / 0x7fffff
  }
  const normal = () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3)
  const places: [number, number][] = []
  while (places.length < 2 * bits) {
    const [x, y] = [normal() * 4, normal() * 4]
    if (Math.hypot(x, y) <= reach) places.push([x, y])
  }
  return Array.from({ length: turns }, (_, turn) => {
    const [cos, sin] = [Math.cos((turn * 2 * Math.PI) / turns), Math.sin((turn * 2 * Math.PI) / turns)] // prettier-ignore
    return Int8Array.from(
      places.flatMap(([x, y]) => [Math.round(cos * x - sin * y), Math.round(sin * x + cos * y)]),
    )
  })
}

function describe(
  { data, width, height }: Plane,
  { x, y, angle }: { x: number; y: number; angle: number },
  into: Uint32Array,
): void {
  const turn = Math.round((angle / (2 * Math.PI)) * turns)
  const pattern = patterns[(turn + turns) % turns]!
  const near = x < reach || y < reach || x >= width - reach || y >= height - reach
  const read = (place: number) => {
    let [atX, atY] = [x + pattern[place]!, y + pattern[place + 1]!]
    if (near) {
      atX = atX < 0 ? 0 : atX >= width ? width - 1 : atX
      atY = atY < 0 ? 0 : atY >= height ? height - 1 : atY
    }
    return data[atY * width + atX]!
  }
  for (let word = 0, place = 0; word < words; word++) {
    let value = 0
    for (let bit = 0; bit < 32; bit++, place += 4) {
      value = (value << 1) | Number(read(place) < read(place + 2))
    }
    into[word] = value
  }
}
