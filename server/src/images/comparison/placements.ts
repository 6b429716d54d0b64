import { words, type Keypoints } from './keypoints.ts'

/** Where the pixels of one picture lie in another: `x' = xx x + xy y + x0`, `y' = yx x + yy y + y0`. */
export interface Placement {
  readonly xx: number
  readonly xy: number
  readonly x0: number
  readonly yx: number
  readonly yy: number
  readonly y0: number
}

interface Match {
  readonly a: number
  readonly b: number
  readonly distance: number
}

const maxDistance = 80
const maxMatches = 60
const minApart = 6
const maxScale = 3.4
const tolerance = 2
const minInliers = 4

/**
 * Ways in which the second picture may lie in the first, by points that look alike in both and agree on it, the
 * best supported first. Each pair of matches proposes a similarity, which the others support or not: M. Fischler and
 * R. Bolles, "Random Sample Consensus", 1981; all pairs are tried instead of random ones, so the answer is always the same.
 */
export function placementsByPoints(a: Keypoints, b: Keypoints, most: number): Placement[] {
  const matches = matchesOf(a, b)
  const kept: { placement: Placement; inliers: number }[] = []
  for (let i = 0; i < matches.length; i++) {
    for (let j = i + 1; j < matches.length; j++) {
      const placement = fromTwo(a, b, matches[i]!, matches[j]!)
      if (!placement) continue
      const inliers = countInliers(a, b, matches, placement)
      if (inliers < minInliers) continue
      keepBest(kept, { placement, inliers }, most)
    }
  }
  return kept.map(({ placement }) => fitted(a, b, matches, placement))
}

function keepBest(
  kept: { placement: Placement; inliers: number }[],
  found: { placement: Placement; inliers: number },
  most: number,
): void {
  const alike = kept.findIndex(({ placement }) => isAlike(placement, found.placement))
  if (alike >= 0) {
    if (kept[alike]!.inliers < found.inliers) kept[alike] = found
  } else kept.push(found)
  kept.sort((one, other) => other.inliers - one.inliers)
  if (kept.length > most) kept.length = most
}

/** Whether they put the middle of a sketch, and what is around it, in about the same place. */
function isAlike(one: Placement, other: Placement): boolean {
  return [
    [30, 30],
    [100, 70],
  ].every(([x, y]) => {
    const [ax, ay] = placed(one, x!, y!)
    const [bx, by] = placed(other, x!, y!)
    return Math.hypot(ax - bx, ay - by) < 6
  })
}

export function placed({ xx, xy, x0, yx, yy, y0 }: Placement, x: number, y: number) {
  return [xx * x + xy * y + x0, yx * x + yy * y + y0] as const
}

/** Pairs of points that are each other's most alike, the most alike first. */
function matchesOf(a: Keypoints, b: Keypoints): Match[] {
  const bestOfB = new Int32Array(b.count).fill(-1)
  const distanceOfB = new Int32Array(b.count).fill(1000)
  const bestOfA = new Int32Array(a.count).fill(-1)
  const distanceOfA = new Int32Array(a.count).fill(1000)
  const [one, other] = [a.descriptors, b.descriptors]
  for (let i = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++) {
      let distance = 0
      // Half of the bits tell most apart.
      for (let word = 0; word < words && distance <= maxDistance; word++) {
        distance += ones(one[i * words + word]! ^ other[j * words + word]!)
      }
      if (distance < distanceOfA[i]!) {
        distanceOfA[i] = distance
        bestOfA[i] = j
      }
      if (distance < distanceOfB[j]!) {
        distanceOfB[j] = distance
        bestOfB[j] = i
      }
    }
  }
  const matches: Match[] = []
  for (let i = 0; i < a.count; i++) {
    const j = bestOfA[i]!
    if (j >= 0 && bestOfB[j] === i && distanceOfA[i]! <= maxDistance) {
      matches.push({ a: i, b: j, distance: distanceOfA[i]! })
    }
  }
  return matches.sort((x, y) => x.distance - y.distance).slice(0, maxMatches)
}

/** How many bits are set. */
function ones(value: number): number {
  let rest = value - ((value >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The similarity that takes both points of `b` to those of `a`, unless the points themselves speak against it. */
function fromTwo(a: Keypoints, b: Keypoints, first: Match, second: Match): Placement | null {
  const [dx, dy] = [b.x[second.b]! - b.x[first.b]!, b.y[second.b]! - b.y[first.b]!]
  const length = dx * dx + dy * dy
  const [ex, ey] = [a.x[second.a]! - a.x[first.a]!, a.y[second.a]! - a.y[first.a]!]
  if (length < minApart ** 2 || ex * ex + ey * ey < minApart ** 2) return null
  const cos = (ex * dx + ey * dy) / length
  const sin = (ey * dx - ex * dy) / length
  const scale = Math.hypot(cos, sin)
  if (scale > maxScale || scale < 1 / maxScale) return null
  const turn = Math.atan2(sin, cos)
  for (const match of [first, second]) {
    const turned = a.angle[match.a]! - b.angle[match.b]! - turn
    if (Math.cos(turned) < 0.85) return null
    const scaled = a.scale[match.a]! / b.scale[match.b]! / scale
    if (scaled > 1.7 || scaled < 1 / 1.7) return null
  }
  const [x, y] = [b.x[first.b]!, b.y[first.b]!]
  return {
    xx: cos,
    xy: -sin,
    x0: a.x[first.a]! - cos * x + sin * y,
    yx: sin,
    yy: cos,
    y0: a.y[first.a]! - sin * x - cos * y,
  }
}

function isInlier(a: Keypoints, b: Keypoints, match: Match, placement: Placement): boolean {
  const { xx, xy, x0, yx, yy, y0 } = placement
  const [x, y] = [b.x[match.b]!, b.y[match.b]!]
  const across = xx * x + xy * y + x0 - a.x[match.a]!
  const down = yx * x + yy * y + y0 - a.y[match.a]!
  const within = tolerance * Math.max(a.scale[match.a]!, 1)
  return across * across + down * down <= within * within
}

function countInliers(a: Keypoints, b: Keypoints, matches: Match[], placement: Placement): number {
  let count = 0
  for (const match of matches) count += Number(isInlier(a, b, match, placement))
  return count
}

/** The similarity that fits all that support one, in the least squares sense. */
function fitted(a: Keypoints, b: Keypoints, matches: Match[], placement: Placement): Placement {
  const inliers = matches.filter((match) => isInlier(a, b, match, placement))
  return (
    fitSimilarity(
      inliers.map((match) => ({
        x: b.x[match.b]!,
        y: b.y[match.b]!,
        toX: a.x[match.a]!,
        toY: a.y[match.a]!,
        weight: 1,
      })),
    ) ?? placement
  )
}

export interface Pairing {
  readonly x: number
  readonly y: number
  readonly toX: number
  readonly toY: number
  readonly weight: number
}

/** The turn, scale and shift that takes each place to its own, in the least squares sense; null where these leave it open. */
export function fitSimilarity(pairings: Pairing[]): Placement | null {
  let [total, x, y, toX, toY] = [0, 0, 0, 0, 0]
  for (const each of pairings) {
    total += each.weight
    x += each.weight * each.x
    y += each.weight * each.y
    toX += each.weight * each.toX
    toY += each.weight * each.toY
  }
  if (total === 0) return null
  x /= total
  y /= total
  toX /= total
  toY /= total
  let [along, across, spread] = [0, 0, 0]
  for (const each of pairings) {
    const [dx, dy, ex, ey] = [each.x - x, each.y - y, each.toX - toX, each.toY - toY]
    along += each.weight * (dx * ex + dy * ey)
    across += each.weight * (dx * ey - dy * ex)
    spread += each.weight * (dx * dx + dy * dy)
  }
  if (spread < 1) return null
  const [cos, sin] = [along / spread, across / spread]
  return { xx: cos, xy: -sin, x0: toX - cos * x + sin * y, yx: sin, yy: cos, y0: toY - sin * x - cos * y } // prettier-ignore
}

/** What leads back. */
export function inverted({ xx, xy, x0, yx, yy, y0 }: Placement): Placement {
  const determinant = xx * yy - xy * yx
  const [a, b, c, d] = [yy / determinant, -xy / determinant, -yx / determinant, xx / determinant]
  return { xx: a, xy: b, x0: -(a * x0 + b * y0), yx: c, yy: d, y0: -(c * x0 + d * y0) }
}
