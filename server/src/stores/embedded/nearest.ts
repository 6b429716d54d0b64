import { setImmediate } from 'node:timers/promises'
import { dot } from '../../vectors.ts'
import type { Filter } from '../filter.ts'
import type { Truth } from './truth.ts'

export interface Neighbour {
  readonly id: string
  readonly score: number
}

const chunk = 500

/**
 * The `count` records with the highest dot product with `vector`, best first, by comparing it with
 * every record that passes the filter. Lets other work run between chunks.
 */
export async function scanNearest(
  truth: Truth,
  vector: Float32Array,
  count: number,
  { filter, scoreThreshold = -Infinity }: { filter?: Filter; scoreThreshold?: number },
): Promise<Neighbour[]> {
  let best: Neighbour[] = []
  let after = 0
  for (;;) {
    const stored = truth.vectorsAfter(after, chunk, filter)
    for (const one of stored) {
      const score = dot(vector, one.vector)
      if (score >= scoreThreshold) best.push({ id: one.id, score })
    }
    best = best.sort(byScore).slice(0, count)
    if (stored.length < chunk) return best
    after = stored.at(-1)!.row
    await setImmediate()
  }
}

/** Best first; equal scores in the order of their ids, so that pages of results do not overlap. */
export function byScore(a: Neighbour, b: Neighbour): number {
  return b.score - a.score || (a.id < b.id ? -1 : 1)
}
