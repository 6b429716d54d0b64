import {
  frameOf,
  leastContrast,
  matchTiles,
  pulled,
  scaleOf,
  type Frame,
  type TileMatch,
} from './alignment.ts'
import { comparedColours, type Colours } from './colours.ts'
import { overlapOf, type Overlap } from './overlap.ts'
import { placed, type Placement } from './placements.ts'
import type { Planes } from './planes.ts'
import { bendOf } from './rigidity.ts'

/**
 * Where the line runs was measured on changed copies of half of the photographs, on their nearest neighbours and on
 * pictures made to be mistaken; docs/decisions/ and docs/copies.md have the figures of the other half.
 */
const limits = {
  /** Share of one of the two pictures that the other must cover, or both are parts of a larger scene. */
  covered: 0.85,
  /** And of the other. */
  left: 0.2,
  /** Squares that show something and agree on it. */
  agreeing: 6,
  correlation: 0.8,
  /** Pixels that such a square may be off. */
  off: 0.9,
  median: 0.92,
  /** Grey levels in which a square may differ when all else is as it should be: noise of compression. */
  noise: 6,
  /** Grey levels that the mean of a plain square may stray from what the others say of the light. */
  light: 35,
  /** Share of squares that may disagree where captions are put, and elsewhere. */
  atEdge: 0.25,
  scattered: 0.06,
  inside: 0.04,
  edge: 0.19,
  /** Pixels, RMS, of a smooth distortion: a viewpoint that moved, and no change of a picture. */
  bend: 0.18,
  gain: [0.5, 2],
  /** Degrees of hue: beyond, it is another variant of the thing. */
  hue: 35,
} as const

/** A square that differs by so much is no noise, wherever it is. */
const strongly = { correlation: 0.5, apart: 12 }
/** The short side of the frame that a first look needs at least, in pixels. */
const leastFrame = 36
const firstTiles = { least: 4, share: 0.4, correlation: 0.6 }
const leastTiles = 6
/** How often a placement is pulled into place, unless its corners move by less than that many pixels. */
const maxRounds = 5
const settled = 0.15
const strip = 0.6

/** How two pictures agree that are the same. */
export interface Agreement extends Overlap {
  readonly placement: Placement
  /** Share of what both cover in which they differ. */
  readonly differing: number
  /** What the light of the second is, in that of the first. */
  readonly gain: number
  readonly offset: number
  readonly colours: Colours
}

/** Lays the second picture on the first, starting from a placement that may be right; null where they do not agree. */
export function agreementOf(a: Planes, b: Planes, proposed: Placement): Agreement | null {
  const first = frameOf(a, b, proposed, coarseness(b, proposed))
  const tiles = matchTiles(first, 3)
  if (!isPromising(tiles)) return null
  let placement = pulled(proposed, first, tiles)
  for (let round = 0, moved = Infinity; round < maxRounds && moved > settled; round++) {
    if (!isContained(overlapOf(a, b, placement))) return null
    const frame = frameOf(a, b, placement, 1)
    const next = pulled(placement, frame, matchTiles(frame, 2))
    moved = distance(placement, next, b)
    placement = next
  }
  const frame = frameOf(a, b, placement, 1)
  return judged({ a, b, placement, frame, tiles: matchTiles(frame, 1) })
}

/** How far the corners of the second picture lie apart in two placements, at most. */
function distance(one: Placement, other: Placement, { width, height }: Planes): number {
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ] as const
  return Math.max(
    ...corners.map(([x, y]) => {
      const [aX, aY] = placed(one, x, y)
      const [bX, bY] = placed(other, x, y)
      return Math.hypot(aX - bX, aY - bY)
    }),
  )
}

/** Half of the frame, unless that leaves too little to look at. */
function coarseness(b: Planes, placement: Placement): number {
  const step = Math.max(1, 1 / scaleOf(placement))
  return Math.min(1, Math.max(0.5, (leastFrame * step) / Math.min(b.width, b.height)))
}

function isPromising(tiles: TileMatch[]): boolean {
  const textured = tiles.filter(({ deviationB }) => deviationB >= leastContrast)
  const found = textured.filter(({ correlation }) => correlation > firstTiles.correlation)
  return textured.length >= firstTiles.least && found.length >= firstTiles.share * textured.length
}

interface Laid {
  readonly a: Planes
  readonly b: Planes
  readonly placement: Placement
  readonly frame: Frame
  readonly tiles: TileMatch[]
}

function judged(laid: Laid): Agreement | null {
  const { a, b, placement, frame, tiles } = laid
  const covering = overlapOf(a, b, placement)
  if (tiles.length < leastTiles || !isContained(covering)) return null
  if (
    tiles.filter(({ correlation }) => correlation > limits.correlation).length < limits.agreeing
  ) {
    return null
  }
  const light = lightOf(tiles)
  if (light.gain < limits.gain[0] || light.gain > limits.gain[1]) return null
  let inside = 0
  const atEdge: TileMatch[] = []
  const agreeing: TileMatch[] = []
  const correlations: number[] = []
  for (const tile of tiles) {
    const { correlation, dx, dy, meanA, meanB } = tile
    const contrast = Math.max(tile.deviationA * light.gain, tile.deviationB)
    const apart = contrast * Math.sqrt(Math.max(0, 1 - correlation * Math.abs(correlation)))
    const found = correlation > limits.correlation && Math.hypot(dx, dy) <= limits.off
    if (found && contrast >= leastContrast + 2) correlations.push(correlation)
    const lit = Math.abs(light.gain * meanA + light.offset - meanB) < limits.light
    if (found || (apart < limits.noise && lit)) agreeing.push(tile)
    else if (isAtEdge(frame, tile)) atEdge.push(tile)
    else if (correlation < strongly.correlation && apart > strongly.apart) return null
    else inside++
  }
  correlations.sort((one, other) => one - other)
  if (correlations.length < limits.agreeing) return null
  if (correlations[correlations.length >> 1]! < limits.median) return null
  if (inside > Math.max(1, limits.inside * tiles.length)) return null
  if (atEdge.length > limits.atEdge * tiles.length) return null
  if (atEdge.length > limits.scattered * tiles.length && !isStrip(atEdge, tiles)) return null
  if (bendOf(frame, tiles) > limits.bend) return null
  const colours = comparedColours({ ...laid, tiles: agreeing })
  if (Math.abs(colours.turn) > limits.hue) return null
  return {
    placement,
    ...covering,
    differing: (inside + atEdge.length) / tiles.length,
    ...light,
    colours,
  }
}

/** Whether nearly all of one is in the other, and that is not a small part of it. */
function isContained({ ofA, ofB }: Overlap): boolean {
  return Math.max(ofA, ofB) >= limits.covered && Math.min(ofA, ofB) >= limits.left
}

function isAtEdge({ width, height, tile }: Frame, { x, y }: TileMatch): boolean {
  const [across, down] = [(x + tile / 2) / width, (y + tile / 2) / height]
  return Math.min(across, down, 1 - across, 1 - down) < limits.edge
}

/** Whether most squares along one side differ: something was written across the picture there. */
function isStrip(differing: TileMatch[], tiles: TileMatch[]): boolean {
  return (['x', 'y'] as const).some((axis) => {
    const places = tiles.map((tile) => tile[axis])
    return [Math.min(...places), Math.max(...places)].some((side) => {
      const along = (all: TileMatch[]) => all.filter((tile) => tile[axis] === side).length
      return along(differing) >= strip * along(tiles)
    })
  })
}

/** The line that takes the means of the first picture's squares to the second's, those that stray left out. */
function lightOf(tiles: TileMatch[]): { gain: number; offset: number } {
  let [gain, offset] = [1, 0]
  // What was written across the picture does not correlate, and has a light of its own.
  const found = tiles.filter(({ correlation }) => correlation > limits.correlation)
  let kept = found
  for (let round = 0; round < 4; round++) {
    const [meanA, meanB] = [average(kept, 'meanA'), average(kept, 'meanB')]
    // A prior of no change, which pictures of one brightness leave as it is.
    let [square, product] = [400, 400]
    for (const tile of kept) {
      square += (tile.meanA - meanA) ** 2
      product += (tile.meanA - meanA) * (tile.meanB - meanB)
    }
    gain = product / square
    offset = meanB - gain * meanA
    const off = found.map((tile) => Math.abs(gain * tile.meanA + offset - tile.meanB))
    const limit = Math.max(6, 2.5 * off.toSorted((one, other) => one - other)[off.length >> 1]!)
    kept = found.filter((_, index) => off[index]! <= limit)
  }
  return { gain, offset }
}

function average(tiles: TileMatch[], key: 'meanA' | 'meanB'): number {
  return tiles.reduce((sum, tile) => sum + tile[key], 0) / tiles.length
}
