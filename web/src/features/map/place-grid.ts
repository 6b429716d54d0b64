import type { Point } from './camera.ts'

/** Places by the squares they lie in, so that what is near is found without going through all. */
export interface PlaceGrid {
  readonly at: Float32Array
  readonly across: number
  /** Where the places of each square begin in `order`, and behind the last its length. */
  readonly starts: Uint32Array
  readonly order: Uint32Array
}

export interface Area {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A square holds so many places, were they spread evenly. */
const each = 8

/** @param at x and y of each place, 0 to 1 */
export function gridOf(at: Float32Array): PlaceGrid {
  const count = at.length / 2
  const across = Math.max(1, Math.ceil(Math.sqrt(count / each)))
  const starts = new Uint32Array(across * across + 1)
  const squares = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    const square = line(at[index * 2 + 1]!, across) * across + line(at[index * 2]!, across)
    squares[index] = square
    starts[square + 1]!++
  }
  for (let square = 1; square < starts.length; square++) starts[square]! += starts[square - 1]!
  const next = starts.slice()
  const order = new Uint32Array(count)
  for (let index = 0; index < count; index++) order[next[squares[index]!]!++] = index
  return { at, across, starts, order }
}

/** The places within an area; null where they are more than `most`. */
export function placesIn(
  { at, across, starts, order }: PlaceGrid,
  { left, top, right, bottom }: Area,
  most = Infinity,
): number[] | null {
  const found: number[] = []
  const [first, last] = [line(left, across), line(right, across)]
  for (let row = line(top, across); row <= line(bottom, across); row++) {
    const end = starts[row * across + last + 1]!
    for (let next = starts[row * across + first]!; next < end; next++) {
      const index = order[next]!
      const [x, y] = [at[index * 2]!, at[index * 2 + 1]!]
      if (x < left || x > right || y < top || y > bottom) continue
      if (found.length === most) return null
      found.push(index)
    }
  }
  return found
}

/** The place that is nearest to a point and no further away than `reach`; -1 where there is none. */
export function nearest(grid: PlaceGrid, { x, y }: Point, reach: number): number {
  const area = { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
  let [found, least] = [-1, reach]
  for (const index of placesIn(grid, area)!) {
    const far = Math.hypot(grid.at[index * 2]! - x, grid.at[index * 2 + 1]! - y)
    if (far <= least) [found, least] = [index, far]
  }
  return found
}

/** The places within a line that ends where it begins; where it crosses itself, by the even-odd rule. */
export function placesWithin(grid: PlaceGrid, outline: readonly Point[]): number[] {
  if (outline.length < 3) return []
  const [xs, ys] = [outline.map(({ x }) => x), outline.map(({ y }) => y)]
  const area = {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  }
  return placesIn(grid, area)!.filter((index) => {
    const [x, y] = [grid.at[index * 2]!, grid.at[index * 2 + 1]!]
    let inside = false
    for (let one = 0, other = outline.length - 1; one < outline.length; other = one++) {
      const [a, b] = [outline[one]!, outline[other]!]
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) {
        inside = !inside
      }
    }
    return inside
  })
}

function line(value: number, across: number): number {
  return Math.min(across - 1, Math.max(0, Math.floor(value * across)))
}
