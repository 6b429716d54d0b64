import { short, type Point } from '../path.ts'

/** Points lie about this far apart along what is redrawn; page units. */
const stride = 7

const numbersIn: Record<string, number> = { M: 2, L: 2, H: 1, V: 1, C: 6, Q: 4, Z: 0 }

interface Segment {
  readonly moves: boolean
  readonly closes: boolean
  /** The end for a line, handles and end for a curve. */
  readonly points: readonly Point[]
  readonly from: Point
}

/** Path data of M, L, H, V, C, Q and Z, small letters included, as segments in page units. */
function* segmentsOf(d: string): Generator<Segment> {
  let [from, start]: [Point, Point] = [
    [0, 0],
    [0, 0],
  ]
  for (const [, letter, rest] of d.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const kind = letter!.toUpperCase()
    const count = numbersIn[kind]
    if (count === undefined) throw new Error(`No hand here draws the path command ${letter}.`)
    const numbers = (rest!.match(/-?[\d.]+/g) ?? []).map(Number)
    for (let first = 0; first === 0 || first < numbers.length; first += count || 1) {
      const points =
        kind === 'Z' ? [start] : pointsOf(letter!, numbers.slice(first, first + count), from)
      const moves = kind === 'M' && first === 0
      yield { moves, closes: kind === 'Z', points, from }
      from = points.at(-1)!
      if (moves) start = from
    }
  }
}

function pointsOf(letter: string, numbers: readonly number[], from: Point): Point[] {
  const relative = letter === letter.toLowerCase()
  const [x, y] = relative ? from : [0, 0]
  if (letter === 'H' || letter === 'h') return [[x + numbers[0]!, from[1]]]
  if (letter === 'V' || letter === 'v') return [[from[0], y + numbers[0]!]]
  return Array.from({ length: numbers.length / 2 }, (_, index) => [
    x + numbers[index * 2]!,
    y + numbers[index * 2 + 1]!,
  ])
}

/** A Bezier curve of any degree at `share` of its way (de Casteljau). */
function along(points: readonly Point[], share: number): Point {
  if (points.length === 1) return points[0]!
  const closer = points.slice(1).map(([x, y], index): Point => {
    const [fromX, fromY] = points[index]!
    return [fromX + (x - fromX) * share, fromY + (y - fromY) * share]
  })
  return along(closer, share)
}

/**
 * Path data redrawn by an unsteady hand: every point strays by about `amount` page units, and
 * neighbours stray alike. `phase` tells one stroke over the same line from the next.
 */
export function waver(d: string, amount: number, phase: number): string {
  const stray = ([x, y]: Point) =>
    `${short(x + amount * (Math.sin(x / 17 + y / 29 + phase) + 0.45 * Math.sin(y / 7 - x / 11 + phase * 2)))},` +
    `${short(y + amount * (Math.sin(y / 19 - x / 23 + phase * 3) + 0.45 * Math.sin(x / 8 + y / 13 + phase)))}`
  let redrawn = ''
  for (const { moves, closes, points, from } of segmentsOf(d)) {
    if (moves) {
      redrawn += `M${stray(points[0]!)}`
      continue
    }
    const [toX, toY] = points.at(-1)!
    const reach = Math.hypot(toX - from[0], toY - from[1]) * (points.length > 1 ? 1.4 : 1)
    const steps = Math.max(points.length > 1 ? 4 : 1, Math.ceil(reach / stride))
    for (let step = 1; step <= steps; step++) {
      redrawn += `L${stray(along([from, ...points], step / steps))}`
    }
    if (closes) redrawn += 'Z'
  }
  return redrawn
}
