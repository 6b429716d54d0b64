import { cosine } from '../../records/vectors.ts'
import type { Codes } from './codes/codes.ts'
import { byScore, type Neighbour } from './nearest.ts'
import type { RowSet } from './filter/row-set.ts'
import type { StoredVectors } from './truth/stored-vectors.ts'

/** Whole vectors that are read at once. */
const batch = 16
/** What estimates put first may be wrong by so many of their deviations: one neighbour in some hundred is. */
const deviations = 2.5

/** How many whole vectors are read for `count` neighbours at most. */
function mostCompared(count: number): number {
  return 200 + 10 * count
}

interface Question {
  readonly vector: Float32Array
  readonly count: number
  /** Nothing below is of interest. */
  readonly scoreThreshold: number
}

/**
 * The `count` of the rows with the highest cosine to `vector`, best first: their codes say which may be among
 * them, and whole vectors are compared until no further one is likely to be.
 */
export async function nearestByCodes(
  vectors: StoredVectors,
  codes: Codes,
  { vector, count, scoreThreshold }: Question,
  rows: RowSet,
): Promise<Neighbour[]> {
  const estimates = await codes.nearest(vector, rows, mostCompared(count))
  const error = deviations * codes.deviation
  let best: Neighbour[] = []
  let worst = scoreThreshold
  for (let at = 0; at < estimates.length; at += batch) {
    if (estimates[at]!.score + error < worst) break
    const some = estimates.slice(at, at + batch).map(({ row }) => row)
    for (const { row, vector: stored } of vectors.ofRows(some)) {
      best.push({ row, score: cosine(vector, stored) })
    }
    best = best.sort(byScore).slice(0, count)
    if (best.length === count) worst = Math.max(worst, best.at(-1)!.score)
  }
  return best
}
