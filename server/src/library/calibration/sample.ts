import { Background } from './background.ts'

/** With so few pictures nothing can be said. */
export const leastPictures = 20
/** From so many on, words are relied on. */
export const surePictures = 50
/** Numbers in the vectors of a sample, all together: a search compares its query with each, in less than 0.1 ms. */
const sampleNumbers = 2 ** 15
/** Pictures at least and at most, whatever the length of their vectors. */
const sampleSizes = [64, 128] as const
/** Scores above this are the query itself, or its very copy. */
export const itself = 1 - 1e-5

/** How many vectors a sample of that many dimensions has. */
export function sampleSize(dimensions: number): number {
  const [least, most] = sampleSizes
  return Math.max(least, Math.min(most, Math.floor(sampleNumbers / dimensions)))
}

/** Vectors of pictures that were drawn from a library at random, and how large it was then. */
export interface Sample {
  readonly vectors: readonly Float32Array[]
  /** Pictures in the library. */
  readonly pictures: number
  /**
   * What the nearest neighbour of a picture usually scores at least: nineteen in twenty of those in the sample have one
   * that does. Null until they were searched for.
   */
  readonly usualNearest: number | null
}

/** Pictures of a sample whose nearest neighbours are searched for. */
export const neighboured = 64
const unusual = 0.05

/** @param scores of pictures of the library with their nearest neighbours, copies apart */
export function usualNearestOf(scores: readonly number[]): number | null {
  if (scores.length < leastPictures) return null
  return scores.toSorted((a, b) => a - b)[Math.floor(unusual * scores.length)]!
}

/** How a query scores with the sample; null while the library is too small to tell. */
export function backgroundOf(sample: Sample, query: Float32Array): Background | null {
  if (sample.pictures < leastPictures) return null
  const scores = scoresOf(sample, query).filter((score) => score < itself)
  // All are copies of the query: nothing else is there to compare with.
  return scores.length < leastPictures / 2 ? null : new Background(scores)
}

/** The vectors of a sample in one piece, in the precision that sums are made in: converting each number takes longest. */
const pieces = new WeakMap<Sample, Float64Array>()

/** Dot products of a query with all vectors, four at a time: every search asks for them. */
function scoresOf(sample: Sample, query: Float32Array): Float64Array {
  const { vectors } = sample
  const length = query.length
  const rows = Math.ceil(vectors.length / 4) * 4
  let piece = pieces.get(sample)
  if (!piece) {
    piece = new Float64Array(rows * length)
    for (const [at, vector] of vectors.entries()) piece.set(vector, at * length)
    pieces.set(sample, piece)
  }
  const asked = new Float64Array(query)
  const scores = new Float64Array(rows)
  for (let row = 0; row < rows; row += 4) {
    const first = row * length
    const second = first + length
    const third = second + length
    const fourth = third + length
    let [w, x, y, z] = [0, 0, 0, 0]
    for (let at = 0; at < length; at++) {
      const value = asked[at]!
      w += value * piece[first + at]!
      x += value * piece[second + at]!
      y += value * piece[third + at]!
      z += value * piece[fourth + at]!
    }
    scores[row] = w
    scores[row + 1] = x
    scores[row + 2] = y
    scores[row + 3] = z
  }
  return scores.subarray(0, vectors.length)
}

const means = new WeakMap<Sample, Float32Array>()

/** The mean of the library's vectors, as the sample has it; null while the library is too small. */
export function meanOf(sample: Sample): Float32Array | null {
  const { vectors, pictures } = sample
  if (pictures < leastPictures) return null
  let mean = means.get(sample)
  if (!mean) {
    mean = new Float32Array(vectors[0]!.length)
    for (const vector of vectors) {
      for (let at = 0; at < mean.length; at++) mean[at]! += vector[at]! / vectors.length
    }
    means.set(sample, mean)
  }
  return mean
}
