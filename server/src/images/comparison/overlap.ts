import { placed, type Placement } from './placements.ts'

interface Size {
  readonly width: number
  readonly height: number
}
type Point = readonly [number, number]

/** Shares of each picture's area that the other covers, when the second lies on the first. */
export interface Overlap {
  readonly ofA: number
  readonly ofB: number
}

export function overlapOf(a: Size, b: Size, placement: Placement): Overlap {
  const outline = corners(b).map(([x, y]) => placed(placement, x, y))
  const [left, top, right, bottom] = [-0.5, -0.5, a.width - 0.5, a.height - 0.5]
  let common: Point[] = outline
  common = clipped(common, ([x]) => x - left)
  common = clipped(common, ([x]) => right - x)
  common = clipped(common, ([, y]) => y - top)
  common = clipped(common, ([, y]) => bottom - y)
  const area = areaOf(common)
  return { ofA: area / (a.width * a.height), ofB: area / areaOf(outline) }
}

function corners({ width, height }: Size): Point[] {
  const [right, bottom] = [width - 0.5, height - 0.5]
  return [
    [-0.5, -0.5],
    [right, -0.5],
    [right, bottom],
    [-0.5, bottom],
  ]
}

/** What of a convex outline is where `inside` is not negative: I. Sutherland and G. Hodgman, "Reentrant polygon clipping", 1974. */
function clipped(outline: Point[], inside: (point: Point) => number): Point[] {
  return outline.flatMap((point, index) => {
    const next = outline[(index + 1) % outline.length]!
    const [here, there] = [inside(point), inside(next)]
    const kept: Point[] = here >= 0 ? [point] : []
    if (here >= 0 === there >= 0) return kept
    const share = here / (here - there)
    kept.push([point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])])
    return kept
  })
}

function areaOf(outline: readonly Point[]): number {
  let twice = 0
  for (const [index, [x, y]] of outline.entries()) {
    const [nextX, nextY] = outline[(index + 1) % outline.length]!
    twice += x * nextY - nextX * y
  }
  return Math.abs(twice) / 2
}
