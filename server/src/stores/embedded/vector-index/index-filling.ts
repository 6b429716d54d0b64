import { setImmediate } from 'node:timers/promises'
import type { IndexEntry, StoredVectors, Versioned } from '../truth/stored-vectors.ts'
import type { VectorIndex } from './vector-index.ts'

/** Entries compared, and vectors put in, before other work gets its turn: a few milliseconds each. */
const compareBatch = 250
const putBatch = 50

/** The truth when a comparison began, and what was deleted from it since. */
export interface Baseline {
  readonly count: number
  readonly lastVersion: number
  readonly removed: ReadonlySet<number>
}

/**
 * Whether the index held exactly what the truth held at the beginning. Every entry is compared by its
 * version, which no two states of any vector share. Writes may go on, if they reach the index too.
 */
export async function agrees(
  index: VectorIndex,
  vectors: StoredVectors,
  baseline: Baseline,
  signal: AbortSignal,
): Promise<boolean> {
  const { count, lastVersion, removed } = baseline
  let compared = 0
  let batch: Versioned[] = []
  const compare = () => {
    const versions = new Map(
      vectors.versions(batch.map(({ row }) => row)).map(({ row, version }) => [row, version]),
    )
    const right = batch.every(({ row, version }) => {
      const now = versions.get(row)
      return now === version || (now ?? 0) > lastVersion || removed.has(row)
    })
    compared += batch.length
    batch = []
    return right
  }
  for (const entry of index.entries()) {
    batch.push(entry)
    if (batch.length < compareBatch) continue
    if (!compare()) return false
    await setImmediate()
    if (signal.aborted) return true
  }
  return compare() && compared === count
}

/** Puts every vector of the truth into an index that was empty. Writes may go on, if they reach it. */
export async function fill(
  put: (entries: IndexEntry[]) => void,
  vectors: StoredVectors,
  signal: AbortSignal,
  onFilled: (vectors: number) => void,
): Promise<void> {
  let filled = 0
  // What arrives meanwhile reaches the index by itself; chasing an import would never end.
  const last = vectors.lastRow()
  for (let row = 0; row < last && !signal.aborted; await setImmediate()) {
    const stored = vectors.entriesAfter(row, putBatch)
    if (stored.length === 0) return
    put(stored)
    row = stored.at(-1)!.row
    onFilled((filled += stored.length))
  }
}
