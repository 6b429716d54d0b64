import { namedShares } from '../describe/colour-names.ts'
import { lbp, patterns } from '../features/lbp.ts'
import { halved, toRaster, type Raster } from '../features/raster.ts'
import { softmax } from '../../../names/recognise.ts'
import type { Agreement } from '../../embedder.ts'
import { unit, type Eye } from './eye.ts'
import { vectorLength } from './learned.ts'

const layoutEdge = 8

/**
 * Where two pictures agree. A picture's vector is a sum over the places of its last map, so the dot product of each
 * place's part with the other picture's vector is what that place adds to their score. Beside it, what they share by
 * facts that are measured anyway.
 *
 * @param pair squares as the network takes them
 */
export function agreement(eye: Eye, pair: readonly [Uint8Array, Uint8Array]): Agreement {
  const [one, other] = pair.map((rgb) => ({
    ...eye.see(rgb),
    cells: eye.cells(rgb),
    raster: toRaster(halved(rgb)),
  })) as [Looked, Looked]
  return {
    edge: eye.mapEdge,
    maps: [places(one.cells, other.vector), places(other.cells, one.vector)],
    parts: {
      names: overlap(softmax(one.scores), softmax(other.scores)),
      colours: sharedColours(one.raster, other.raster),
      texture: sharedTexture(one.raster, other.raster),
      layout: sharedLayout(one.raster, other.raster),
    },
  }
}

interface Looked {
  readonly vector: Float32Array
  readonly scores: Float64Array
  readonly cells: Float64Array
  readonly raster: Raster
}

/** What each place adds, of the place that adds most; places that speak against it are 0. */
function places(cells: Float64Array, vector: Float32Array): Float32Array {
  const sums = Float64Array.from({ length: cells.length / vectorLength }, (_, place) => {
    let sum = 0
    for (let at = 0; at < vectorLength; at++) sum += cells[place * vectorLength + at]! * vector[at]!
    return sum
  })
  const added = centred(sums).map((value) => Math.max(0, value))
  const most = added.reduce((one, value) => Math.max(one, value), 0)
  return Float32Array.from(added, (value) => (most > 0 ? value / most : 0))
}

/**
 * Five strides of 2, each padded alike on both sides, leave the network's first place around the picture's upper left
 * corner and the others every 32 pixels, half a place before the middles of the fields that people are shown.
 */
function centred(map: Float64Array): Float64Array {
  const edge = Math.sqrt(map.length)
  return map.map((value, place) => {
    const right = place % edge < edge - 1 ? 1 : 0
    const down = place + edge < map.length ? edge : 0
    return (value + map[place + right]! + map[place + down]! + map[place + right + down]!) / 4
  })
}

/** Of two distributions, what both have: 0 to 1. */
function overlap(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, share, at) => sum + Math.min(share, other[at]!), 0)
}

function sharedColours(one: Raster, other: Raster): number {
  const shares = new Map(namedShares(other).map(({ name, share }) => [name, share]))
  return namedShares(one).reduce(
    (sum, { name, share }) => sum + Math.min(share, shares.get(name) ?? 0),
    0,
  )
}

/** What they share of their local binary patterns, wherever these are; photographs of unlike things share 0.7. */
function sharedTexture(one: Raster, other: Raster): number {
  const theirs = patternShares(other)
  return patternShares(one).reduce((sum, share, at) => sum + Math.min(share, theirs[at]!), 0)
}

function patternShares(raster: Raster): Float64Array {
  const shares = new Float64Array(patterns)
  const byCell = lbp(raster)
  byCell.forEach((share, at) => (shares[at % patterns]! += (share * patterns) / byCell.length))
  return shares
}

/** How alike light and dark are laid out: the cosine of what 8 x 8 fields have beyond the mean, 0 where it is less. */
function sharedLayout(one: Raster, other: Raster): number {
  const [first, second] = [one, other].map(fields) as [Float32Array, Float32Array]
  return Math.max(
    0,
    first.reduce((sum, value, at) => sum + value * second[at]!, 0),
  )
}

function fields({ l, edge }: Raster): Float32Array {
  const sums = new Float64Array(layoutEdge ** 2)
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      const row = Math.floor((y * layoutEdge) / edge)
      sums[row * layoutEdge + Math.floor((x * layoutEdge) / edge)]! += l[y * edge + x]!
    }
  }
  const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length
  return unit(sums.map((value) => value - mean))
}
