import { inverted, type Placement } from './placements.ts'
import { sample, type Plane, type Planes } from './planes.ts'

/** Long edge at which a picture is looked for in another. */
const coarseEdge = 32
/** How much smaller, along each side, what is left of a picture, or what is in a frame, may be. */
const scales = Array.from({ length: 11 }, (_, step) => 0.5 ** (step / 10))
const leastEdge = 8
const leastAlike = 0.6

/** The whole of a picture, small, with what it takes to compare a part of it. */
interface Small extends Plane {
  /** Sums, and sums of squares, of all pixels above and left of a place. */
  readonly sums: Float64Array
  readonly squares: Float64Array
}

interface Found {
  readonly placement: Placement
  readonly alike: number
}

/**
 * Placements in which one picture lies whole within the other, upright, or fills the same frame turned by quarters,
 * and both look alike from far away: J. P. Lewis, "Fast Normalized Cross-Correlation", 1995, at every size.
 */
export function placementsOfWhole(a: Planes, b: Planes, most: number): Placement[] {
  const largest = smallOf(a)
  const found: Found[] = []
  for (const scale of scales) {
    // b within a: a was cropped, or b is framed by a.
    keep(found, within(largest, a, b, scale), most)
  }
  const other = smallOf(b)
  for (const scale of scales.slice(1)) {
    const inverse = within(other, b, a, scale)
    keep(found, inverse && { alike: inverse.alike, placement: inverted(inverse.placement) }, most)
  }
  for (const turn of turns) keep(found, turned(a, b, turn), most)
  return found.map(({ placement }) => placement)
}

function keep(found: Found[], next: Found | null, most: number): void {
  if (!next || next.alike < leastAlike) return
  found.push(next)
  found.sort((one, other) => other.alike - one.alike)
  if (found.length > most) found.length = most
}

/** Where `part`, `scale` times as large as it can be within `whole`, is found there. */
function within(small: Small, whole: Planes, part: Planes, scale: number): Found | null {
  const fit = Math.min(small.width / part.width, small.height / part.height) * scale
  const [width, height] = [Math.round(part.width * fit), Math.round(part.height * fit)]
  if (Math.min(width, height) < leastEdge || width > small.width || height > small.height)
    return null
  const template = shrunk(part, width, height)
  const length = normalise(template)
  if (length === 0) return null
  let best = { alike: -1, x: 0, y: 0 }
  for (let y = 0; y <= small.height - height; y++) {
    for (let x = 0; x <= small.width - width; x++) {
      const alike = correlation(small, template, width, height, x, y)
      if (alike > best.alike) best = { alike, x, y }
    }
  }
  // Rounded to whole pixels the template may be stretched, which the picture is not.
  const square = (whole.width * width * whole.height * height) / (small.width * part.width * small.height * part.height) // prettier-ignore
  const xx = Math.sqrt(square)
  const middleX = ((best.x + width / 2) * whole.width) / small.width
  const middleY = ((best.y + height / 2) * whole.height) / small.height
  const placement = {
    xx,
    xy: 0,
    x0: middleX - (xx * part.width) / 2 - 0.5 + xx / 2,
    yx: 0,
    yy: xx,
    y0: middleY - (xx * part.height) / 2 - 0.5 + xx / 2,
  }
  return { alike: best.alike, placement }
}

function correlation(
  { data, width, sums, squares }: Small,
  template: Float32Array,
  across: number,
  down: number,
  x: number,
  y: number,
): number {
  let product = 0
  for (let row = 0, to = 0; row < down; row++) {
    let at = (y + row) * width + x
    for (let column = 0; column < across; column++) product += data[at++]! * template[to++]!
  }
  const stride = width + 1
  const [top, bottom] = [y * stride + x, (y + down) * stride + x]
  const sum = sums[bottom + across]! - sums[bottom]! - sums[top + across]! + sums[top]!
  const square =
    squares[bottom + across]! - squares[bottom]! - squares[top + across]! + squares[top]!
  const spread = square - (sum * sum) / (across * down)
  return spread < across * down ? 0 : product / Math.sqrt(spread)
}

function smallOf(planes: Planes): Small {
  const fit = coarseEdge / Math.max(planes.width, planes.height)
  const [width, height] = [Math.round(planes.width * fit), Math.round(planes.height * fit)]
  const data = shrunk(planes, width, height)
  const stride = width + 1
  const sums = new Float64Array(stride * (height + 1))
  const squares = new Float64Array(stride * (height + 1))
  for (let y = 0; y < height; y++) {
    let [sum, square] = [0, 0]
    for (let x = 0; x < width; x++) {
      const value = data[y * width + x]!
      sum += value
      square += value * value
      const at = (y + 1) * stride + x + 1
      sums[at] = sums[at - stride]! + sum
      squares[at] = squares[at - stride]! + square
    }
  }
  return { data, width, height, sums, squares }
}

function shrunk({ levels }: Planes, width: number, height: number): Float32Array {
  const plane = levels.findLast((each) => each.width >= width) ?? levels[0]!
  const data = new Float32Array(width * height)
  for (let y = 0, at = 0; y < height; y++) {
    const fromY = ((y + 0.5) * plane.height) / height - 0.5
    for (let x = 0; x < width; x++, at++) {
      data[at] = sample(plane, ((x + 0.5) * plane.width) / width - 0.5, fromY)
    }
  }
  return data
}

/** Makes the mean zero and the length one; returns what the length was. */
function normalise(values: Float32Array): number {
  let [sum, square] = [0, 0]
  for (const value of values) sum += value
  const mean = sum / values.length
  for (const value of values) square += (value - mean) ** 2
  const length = Math.sqrt(square)
  if (length > 0)
    for (let at = 0; at < values.length; at++) values[at] = (values[at]! - mean) / length
  return length
}

/** Quarter turns of a square of side 1: `x' = xx x + xy y + x0`. */
const turns: readonly Placement[] = [
  { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 },
  { xx: 0, xy: 1, x0: 0, yx: -1, yy: 0, y0: 1 },
  { xx: -1, xy: 0, x0: 1, yx: 0, yy: -1, y0: 1 },
  { xx: 0, xy: -1, x0: 1, yx: 1, yy: 0, y0: 0 },
]
const squareEdge = 20

/** The whole of b on the whole of a, stretched if need be. */
function turned(a: Planes, b: Planes, turn: Placement): Found {
  const [one, other] = [shrunk(a, squareEdge, squareEdge), shrunk(b, squareEdge, squareEdge)]
  normalise(one)
  normalise(other)
  let alike = 0
  for (let y = 0, at = 0; y < squareEdge; y++) {
    for (let x = 0; x < squareEdge; x++, at++) {
      const [u, v] = [(x + 0.5) / squareEdge, (y + 0.5) / squareEdge]
      const atX = Math.floor((turn.xx * u + turn.xy * v + turn.x0) * squareEdge)
      const atY = Math.floor((turn.yx * u + turn.yy * v + turn.y0) * squareEdge)
      alike += one[atY * squareEdge + atX]! * other[at]!
    }
  }
  const scaled = {
    xx: (turn.xx * a.width) / b.width,
    xy: (turn.xy * a.width) / b.height,
    yx: (turn.yx * a.height) / b.width,
    yy: (turn.yy * a.height) / b.height,
  }
  // Places are those of the middles of pixels.
  const placement = {
    ...scaled,
    x0: turn.x0 * a.width - 0.5 + (scaled.xx + scaled.xy) / 2,
    y0: turn.y0 * a.height - 0.5 + (scaled.yx + scaled.yy) / 2,
  }
  return { placement, alike }
}
