import { setImmediate } from 'node:timers/promises'
import { cosine } from '../../records/vectors.ts'
import type { StoredVectors } from './truth/stored-vectors.ts'

export interface Neighbour {
  /** The number under which SQLite keeps the record. */
  readonly row: number
  readonly score: number
}

/** Compared before other work gets its turn: a few milliseconds. */
const chunk = 250

/**
 * The `count` records with the highest cosine to `vector`, best first, by comparing it with
 * every record.
 *
 * @param rows only these
 */
export async function scanNearest(
  vectors: StoredVectors,
  vector: Float32Array,
  count: number,
  rows: number[] | undefined,
): Promise<Neighbour[]> {
  let best: Neighbour[] = []
  let worst = -Infinity
  for await (const stored of rows ? ofRows(vectors, rows) : everything(vectors)) {
    for (const one of stored) {
      const score = cosine(vector, one.vector)
      if (score >= worst) best.push({ row: one.row, score })
    }
    best = best.sort(byScore).slice(0, count)
    if (best.length === count) worst = best.at(-1)!.score
  }
  return best
}

/** Best first; equal scores in the order of their rows, so that pages of results do not overlap. */
export function byScore(a: Neighbour, b: Neighbour): number {
  return b.score - a.score || a.row - b.row
}

async function* everything(vectors: StoredVectors) {
  for (let row = 0; ; await setImmediate()) {
    const stored = vectors.after(row, chunk)
    if (stored.length === 0) return
    yield stored
    row = stored.at(-1)!.row
  }
}

async function* ofRows(vectors: StoredVectors, rows: number[]) {
  for (let at = 0; at < rows.length; at += chunk) {
    if (at > 0) await setImmediate()
    yield vectors.ofRows(rows.slice(at, at + chunk))
  }
}
