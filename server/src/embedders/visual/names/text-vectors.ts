import type { NameBounds } from '../../embedder.ts'
import { unit } from '../model/eye.ts'
import { vectorLength } from '../model/learned.ts'
import type { Asked } from '../../../names/lookup.ts'

/** What a name that is not wanted counts beside one that is. */
const against = 0.5

/**
 * Where pictures of what is asked for lie: each name is the mean of its classes' directions, and what is not wanted is
 * taken away.
 *
 * @param classVectors a row of 8-bit numbers a class
 * @returns unit length
 */
export function textVector(classVectors: Int8Array, asked: readonly Asked[]): Float32Array {
  const sum = new Float64Array(vectorLength)
  for (const { entries, wanted } of asked) {
    const classes = new Set(entries.flatMap((entry) => [...entry.classes]))
    const name = new Float64Array(vectorLength)
    for (const index of classes) {
      const start = index * vectorLength
      const direction = unit(Float64Array.from(classVectors.subarray(start, start + vectorLength)))
      direction.forEach((value, at) => (name[at]! += value))
    }
    unit(name).forEach((value, at) => (sum[at]! += wanted ? value : -against * value))
  }
  return unit(sum)
}

/** Chosen by what they do to the words of names that are and are not shown: docs/retrieval-quality.md. */
const bounds: NameBounds = { possible: 0.3, strong: 0.4, certain: 0.5 }

/** The bounds of one name, or of the sum of several: what shows one of two things is less near to their sum. */
export function boundsOf(asked: readonly Asked[]): NameBounds {
  const share = 1 / Math.sqrt(Math.max(1, asked.filter(({ wanted }) => wanted).length))
  const { possible, strong, certain } = bounds
  return { possible: possible * share, strong: strong * share, certain: certain * share }
}
