import { unit } from '../model/eye.ts'
import { vectorLength } from '../model/learned.ts'
import type { Asked } from './lookup.ts'

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
