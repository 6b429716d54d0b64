import type { Frame, TileMatch } from './alignment.ts'
import { placed, type Placement } from './placements.ts'
import { sample, type Planes } from './planes.ts'

/** Standard deviation and mean, in levels of 255, below which there is no hue to speak of. */
const leastSpread = 4
const leastMean = 12
const places = [0.2, 0.5, 0.8]

export interface Colours {
  /** Degrees by which the second picture's hues are turned against the first's; 0 where either has none. */
  readonly turn: number
  /** How colourful each is: root mean square of its colour differences. */
  readonly a: number
  readonly b: number
}

/**
 * The colours of one picture against those of the other where it lies on it. A turn of the plane of colour differences
 * is fitted to the squares' colours around their means, so that a tint of the whole does not count; where the picture
 * has but one colour, its own hue is compared.
 */
export function comparedColours(laid: {
  a: Planes
  b: Planes
  placement: Placement
  frame: Frame
  tiles: TileMatch[]
}): Colours {
  const colours = laid.tiles.map((tile) => colourOf(laid, tile))
  const count = colours.length
  const mean = [0, 1, 2, 3].map((at) => colours.reduce((sum, each) => sum + each[at]!, 0) / count)
  let [along, across, squareA, squareB] = [0, 0, 0, 0]
  for (const each of colours) {
    const [p, q, r, s] = each.map((value, at) => value - mean[at]!) as [number, number, number, number] // prettier-ignore
    along += p * r + q * s
    across += p * s - q * r
    squareA += p * p + q * q
    squareB += r * r + s * s
  }
  const [p, q, r, s] = mean as [number, number, number, number]
  const [meanA, meanB] = [Math.hypot(p, q), Math.hypot(r, s)]
  const spread = Math.sqrt(Math.min(squareA, squareB) / count)
  const varied = spread > leastSpread
  const single = Math.min(meanA, meanB) > leastMean && Math.sqrt(Math.max(squareA, squareB) / count) <= 2 * leastSpread // prettier-ignore
  const turn = varied ? Math.atan2(across, along) : single ? Math.atan2(p * s - q * r, p * r + q * s) : 0 // prettier-ignore
  return {
    turn: (turn * 180) / Math.PI,
    a: Math.sqrt(squareA / count + meanA ** 2),
    b: Math.sqrt(squareB / count + meanB ** 2),
  }
}

/** Mean colour differences of a square: those of the first picture, then those of the second. */
function colourOf(
  { a, b, placement, frame }: { a: Planes; b: Planes; placement: Placement; frame: Frame },
  { x, y }: TileMatch,
): [number, number, number, number] {
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  const share = 1 / places.length ** 2
  for (const down of places) {
    for (const across of places) {
      const bX = (x + across * frame.tile) * frame.step
      const bY = (y + down * frame.tile) * frame.step
      const [aX, aY] = placed(placement, bX, bY)
      sums[0] += sample(a.cb, aX, aY) * share
      sums[1] += sample(a.cr, aX, aY) * share
      sums[2] += sample(b.cb, bX, bY) * share
      sums[3] += sample(b.cr, bX, bY) * share
    }
  }
  return sums
}
