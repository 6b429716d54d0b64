import { levelRatio, sample, type Plane, type Planes } from './planes.ts'
import { fitSimilarity, type Pairing, type Placement } from './placements.ts'

/** Sides of the squares in which two pictures are compared, in pixels of their common frame. */
const leastTile = 7
const mostTile = 12
const tilesAcross = 6
/** Squares whose grey levels deviate less than this from their mean show nothing to compare. */
export const leastContrast = 4
/** Squares that correlate less than this say nothing of where the pictures lie. */
const pull = 0.6
/** Where a shift leaves the frame. */
const outside = -2

/** Both pictures as they lie on each other, in the pixels of one frame. */
export interface Frame {
  readonly width: number
  readonly height: number
  /** The second picture, then the first one laid under it. */
  readonly b: Float32Array
  readonly a: Float32Array
  /** 1 where the first picture has something to lay there. */
  readonly covered: Uint8Array
  /** Pixels of the second picture in one of the frame's. */
  readonly step: number
  /** Side of the squares that are compared. */
  readonly tile: number
}

/** How one square of the second picture finds itself in the first. */
export interface TileMatch {
  /** Of its first pixel, in the frame. */
  readonly x: number
  readonly y: number
  /** Correlation of grey levels at the best shift, -1 to 1. */
  readonly correlation: number
  /** How far from where it should be, in the frame's pixels. */
  readonly dx: number
  readonly dy: number
  /** Standard deviations and means of both, in grey levels. */
  readonly deviationA: number
  readonly deviationB: number
  readonly meanA: number
  readonly meanB: number
}

export function scaleOf({ xx, xy, yx, yy }: Placement): number {
  return Math.sqrt(Math.abs(xx * yy - xy * yx))
}

/** @param size share of the larger size at which both can be seen, 1 or less */
export function frameOf(a: Planes, b: Planes, placement: Placement, size: number): Frame {
  const scale = scaleOf(placement)
  // Where the second picture has the finer pixels it is looked at more coarsely.
  const step = Math.max(1, 1 / scale) / size
  const [width, height] = [Math.round(b.width / step), Math.round(b.height / step)]
  const planeB = levelFor(b, step)
  const planeA = levelFor(a, step * scale)
  const frame = {
    width,
    height,
    step,
    tile: Math.min(
      Math.max(Math.round(Math.min(width, height) / tilesAcross), leastTile),
      mostTile,
    ),
    b: new Float32Array(width * height),
    a: new Float32Array(width * height),
    covered: new Uint8Array(width * height),
  }
  const [shrinkB, shrinkA] = [planeB.width / b.width, planeA.width / a.width]
  const { xx, xy, x0, yx, yy, y0 } = placement
  for (let y = 0, at = 0; y < height; y++) {
    const fromY = (y + 0.5) * step - 0.5
    for (let x = 0; x < width; x++, at++) {
      const fromX = (x + 0.5) * step - 0.5
      const aX = xx * fromX + xy * fromY + x0
      const aY = yx * fromX + yy * fromY + y0
      frame.covered[at] = Number(aX >= -0.5 && aY >= -0.5 && aX <= a.width - 0.5 && aY <= a.height - 0.5) // prettier-ignore
      frame.b[at] = sample(planeB, (fromX + 0.5) * shrinkB - 0.5, (fromY + 0.5) * shrinkB - 0.5)
      frame.a[at] = sample(planeA, (aX + 0.5) * shrinkA - 0.5, (aY + 0.5) * shrinkA - 0.5)
    }
  }
  return frame
}

/** The smallest size of a picture that is still fine enough to take every `step`th pixel of. */
function levelFor({ levels }: Planes, step: number): Plane {
  const level = Math.floor(Math.log(step * 1.05) / -Math.log(levelRatio))
  return levels[Math.min(Math.max(level, 0), levels.length - 1)]!
}

/**
 * Block matching: for each square that both pictures cover, the shift of at most `radius` at which the first picture
 * correlates with it best (zero-mean normalised cross-correlation: J. P. Lewis, "Fast Normalized Cross-Correlation", 1995).
 */
export function matchTiles(frame: Frame, radius: number): TileMatch[] {
  const { width, height, tile: tileEdge } = frame
  const tiles: TileMatch[] = []
  const [across, down] = [Math.floor(width / tileEdge), Math.floor(height / tileEdge)]
  const [left, top] = [(width - across * tileEdge) >> 1, (height - down * tileEdge) >> 1]
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const [x, y] = [left + column * tileEdge, top + row * tileEdge]
      if (isCovered(frame, x, y)) tiles.push(matchTile(frame, x, y, radius))
    }
  }
  return tiles
}

function isCovered({ covered, width, tile }: Frame, x: number, y: number): boolean {
  const last = tile - 1
  return [
    [x, y],
    [x + last, y],
    [x, y + last],
    [x + last, y + last],
  ].every(([atX, atY]) => covered[atY! * width + atX!] === 1)
}

function matchTile(frame: Frame, x: number, y: number, radius: number): TileMatch {
  const { mean, deviation } = statistics(frame, x, y)
  const tile = { x, y, mean, deviation }
  const centre = correlate(frame, tile, 0, 0)
  const still = {
    x,
    y,
    correlation: centre,
    dx: 0,
    dy: 0,
    deviationB: deviation,
    meanB: mean,
    deviationA: seen.deviation,
    meanA: seen.mean,
  }
  if (Math.max(deviation, seen.deviation) < leastContrast) return still
  const side = 2 * radius + 1
  const scores = new Float32Array(side * side)
  let best = still
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const correlation = dx === 0 && dy === 0 ? centre : correlate(frame, tile, dx, dy)
      scores[(dy + radius) * side + dx + radius] = correlation
      if (correlation > best.correlation) {
        best = { ...still, correlation, dx, dy, deviationA: seen.deviation, meanA: seen.mean }
      }
    }
  }
  const at = (best.dy + radius) * side + best.dx + radius
  const across = peak(scores, at, 1, Math.abs(best.dx) < radius)
  const down = peak(scores, at, side, Math.abs(best.dy) < radius)
  return {
    ...best,
    correlation: Math.min(1, best.correlation + across.rise + down.rise),
    dx: best.dx + across.shift,
    dy: best.dy + down.shift,
  }
}

function statistics({ b, width, tile }: Frame, x: number, y: number) {
  let sum = 0
  let square = 0
  for (let row = y; row < y + tile; row++) {
    for (let at = row * width + x; at < row * width + x + tile; at++) {
      const value = b[at]!
      sum += value
      square += value * value
    }
  }
  const mean = sum / (tile * tile)
  return { mean, deviation: Math.sqrt(Math.max(square / (tile * tile) - mean * mean, 0)) }
}

/** Where between pixels a parabola through three scores is highest, and by how much. */
function peak(scores: Float32Array, at: number, step: number, inside: boolean) {
  const none = { shift: 0, rise: 0 }
  if (!inside) return none
  const [before, here, after] = [scores[at - step]!, scores[at]!, scores[at + step]!]
  const bend = before - 2 * here + after
  if (before === outside || after === outside || bend >= 0) return none
  const shift = (0.5 * (before - after)) / bend
  return { shift, rise: (-bend * shift * shift) / 2 }
}

/** Deviation and mean of what `correlate` last looked at, so that the innermost loop makes no objects. */
const seen = { deviation: 0, mean: 0 }

function correlate(
  { a, b, width, height, tile }: Frame,
  at: { x: number; y: number; mean: number; deviation: number },
  dx: number,
  dy: number,
): number {
  const fromX = at.x + dx
  const fromY = at.y + dy
  if (fromX < 0 || fromY < 0 || fromX + tile > width || fromY + tile > height) return outside
  let sum = 0
  let square = 0
  let product = 0
  for (let row = 0; row < tile; row++) {
    let from = (fromY + row) * width + fromX
    let to = (at.y + row) * width + at.x
    for (const end = from + tile; from < end; from++, to++) {
      const value = a[from]!
      sum += value
      square += value * value
      product += value * b[to]!
    }
  }
  const area = tile * tile
  seen.mean = sum / area
  seen.deviation = Math.sqrt(Math.max(square / area - seen.mean * seen.mean, 0))
  const spread = seen.deviation * at.deviation
  return spread < 1e-3 ? 0 : (product / area - seen.mean * at.mean) / spread
}

/** The placement after each square has pulled it to where it found itself; those far from the others do not count. */
export function pulled(placement: Placement, frame: Frame, tiles: TileMatch[]): Placement {
  const { step, tile } = frame
  const middle = (tile - 1) / 2
  let pairings = tiles
    .filter(({ correlation, deviationB }) => correlation > pull && deviationB >= leastContrast)
    .map(({ x, y, dx, dy, correlation }): Pairing => {
      const inB = (value: number) => (value + middle + 0.5) * step - 0.5
      const [bX, bY] = [inB(x), inB(y)]
      // In the pixels of b, as if the placement were none: what is fitted is the correction.
      return { x: bX, y: bY, toX: bX + dx * step, toY: bY + dy * step, weight: correlation - 0.5 }
    })
  let correction: Placement | null = null
  for (let round = 0; round < 3 && pairings.length >= 4; round++) {
    const fit = fitSimilarity(pairings)
    if (!fit) break
    correction = fit
    const off = pairings.map((each) => Math.hypot(fit.xx * each.x + fit.xy * each.y + fit.x0 - each.toX, fit.yx * each.x + fit.yy * each.y + fit.y0 - each.toY)) // prettier-ignore
    const limit = Math.max(0.5 * step, 2 * off.toSorted((p, q) => p - q)[off.length >> 1]!)
    const near = pairings.filter((_, index) => off[index]! <= limit)
    if (near.length === pairings.length) break
    pairings = near
  }
  return correction ? composed(placement, correction) : placement
}

/** First `inner`, then `outer`. */
function composed(outer: Placement, inner: Placement): Placement {
  return {
    xx: outer.xx * inner.xx + outer.xy * inner.yx,
    xy: outer.xx * inner.xy + outer.xy * inner.yy,
    x0: outer.xx * inner.x0 + outer.xy * inner.y0 + outer.x0,
    yx: outer.yx * inner.xx + outer.yy * inner.yx,
    yy: outer.yx * inner.xy + outer.yy * inner.yy,
    y0: outer.yx * inner.x0 + outer.yy * inner.y0 + outer.y0,
  }
}
