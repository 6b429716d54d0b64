import { dot } from '../../records/vectors.ts'
import { Background } from './background.ts'

/** With so few pictures nothing can be said. */
export const leastPictures = 20
/** From so many on, words are relied on. */
export const surePictures = 50
/** Numbers in the vectors of a sample, all together: a search compares its query with each, in less than 0.1 ms. */
const sampleNumbers = 2 ** 16
/** Pictures at least and at most, whatever the length of their vectors. */
const sampleSizes = [64, 256] as const
/** Scores above this are the query itself, or its very copy. */
const itself = 1 - 1e-5

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
}

/** How a query scores with the sample; null while the library is too small to tell. */
export function backgroundOf(
  { vectors, pictures }: Sample,
  query: Float32Array,
): Background | null {
  if (pictures < leastPictures) return null
  const scores = new Float64Array(vectors.length)
  let count = 0
  for (const vector of vectors) {
    const score = dot(query, vector)
    if (score < itself) scores[count++] = score
  }
  // All are copies of the query: nothing else is there to compare with.
  return count < leastPictures / 2 ? null : new Background(scores.subarray(0, count))
}
