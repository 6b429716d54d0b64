import { UMAP } from 'umap-js'
import { dot } from '../../records/vectors.ts'

/** Vectors of one length behind each other, shared between threads. */
export interface Matrix {
  readonly values: Float32Array
  readonly dimensions: number
}

/** Landmarks of a map: where some pictures are, by which all others find their place. */
export interface Landmarks extends Matrix {
  /** x and y of each, behind each other. */
  readonly places: Float32Array
}

/** Places go from 0 to this in both directions. */
export const mapSize = 65_535
/** Free at each side, in shares of the map. */
const margin = 0.02
/** Neighbours that UMAP keeps together; its usual number. */
const neighbours = 15
/** Landmarks that a picture is placed between. */
const anchors = 5
/** Pictures fewer than this have no neighbourhoods to keep: they are placed on a circle. */
const fewest = 4

const row = ({ values, dimensions }: Matrix, at: number) =>
  values.subarray(at * dimensions, (at + 1) * dimensions)
const countOf = ({ values, dimensions }: Matrix) => values.length / dimensions

/**
 * Lays out vectors of unit length so that those alike are near each other, by UMAP over their exact neighbours
 * (McInnes et al., https://arxiv.org/abs/1802.03426). The same vectors get the same places.
 *
 * @returns x and y of each, 0 to `mapSize`, behind each other
 */
export function layOut(vectors: Matrix): Float32Array {
  const count = countOf(vectors)
  if (count < fewest) return onCircle(count)
  const kept = Math.min(neighbours, count - 1)
  const indices: number[][] = []
  const distances: number[][] = []
  for (let at = 0; at < count; at++) {
    const near = nearest(vectors, row(vectors, at), kept)
    indices.push(near.map(({ index }) => index))
    distances.push(near.map(({ score }) => Math.max(0, 1 - score)))
  }
  const umap = new UMAP({ nNeighbors: kept, random: randomNumbers() })
  umap.setPrecomputedKNN(indices, distances)
  // With neighbours given, only the number of vectors counts.
  const placed = umap.fit(Array.from({ length: count }, (_, at) => [at]))
  return scaled(placed)
}

/** Places vectors between the landmarks they are most like, each drawn the stronger the more alike it is. */
export function placeBetween(landmarks: Landmarks, vectors: Matrix): Float32Array {
  const placed = new Float32Array(countOf(vectors) * 2)
  for (let at = 0; at < placed.length / 2; at++) {
    const near = nearest(landmarks, row(vectors, at), anchors)
    let [x, y, sum] = [0, 0, 0]
    for (const { index, score } of near) {
      const weight = 1 / (Math.max(0, 1 - score) ** 2 + 1e-6)
      x += weight * landmarks.places[index * 2]!
      y += weight * landmarks.places[index * 2 + 1]!
      sum += weight
    }
    placed[at * 2] = x / sum
    placed[at * 2 + 1] = y / sum
  }
  return placed
}

function nearest(among: Matrix, vector: Float32Array, count: number) {
  const best: { index: number; score: number }[] = []
  for (let index = 0; index < countOf(among); index++) {
    const score = dot(row(among, index), vector)
    if (best.length === count && score <= best.at(-1)!.score) continue
    let to = best.length === count ? count - 1 : best.length
    for (; to > 0 && best[to - 1]!.score < score; to--) best[to] = best[to - 1]!
    best[to] = { index, score }
  }
  return best
}

function scaled(points: number[][]): Float32Array {
  const places = new Float32Array(points.length * 2)
  for (const axis of [0, 1]) {
    const values = points.map((point) => point[axis]!)
    const least = values.reduce((a, b) => Math.min(a, b))
    const range = values.reduce((a, b) => Math.max(a, b)) - least || 1
    values.forEach((value, at) => {
      places[at * 2 + axis] = mapSize * (margin + (1 - 2 * margin) * ((value - least) / range))
    })
  }
  return places
}

function onCircle(count: number): Float32Array {
  return Float32Array.from({ length: count * 2 }, (_, at) => {
    const angle = (2 * Math.PI * Math.floor(at / 2)) / Math.max(1, count)
    return mapSize * (0.5 + 0.25 * (at % 2 === 0 ? Math.cos(angle) : Math.sin(angle)))
  })
}

/** Mulberry32: evenly spread numbers from 0 to 1, the same each time. */
function randomNumbers(): () => number {
  let state = 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
