import { yieldToOthers } from '../../../yield-to-others.ts'
import type { IndexEntry, StoredVectors, Versioned } from '../truth/stored-vectors.ts'
import type { VectorIndex } from './vector-index.ts'

/** Compared, and put in, before other work gets its turn: a few milliseconds each. */
const compareBatch = 2_500
const putBatch = 25

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
  const versions = await versionsByRow(vectors, signal)
  if (signal.aborted) return true
  const isRight = ({ row, version }: Versioned) => {
    if (versions[row] === version || removed.has(row)) return true
    const [now] = vectors.versions([row])
    return now !== undefined && now.version > lastVersion
  }
  let compared = 0
  for (const entry of index.entries()) {
    if (!isRight(entry)) return false
    if (++compared % compareBatch > 0) continue
    await yieldToOthers()
    if (signal.aborted) return true
  }
  return compared === count
}

/** 0 where there is none. */
async function versionsByRow(vectors: StoredVectors, signal: AbortSignal): Promise<Float64Array> {
  const versions = new Float64Array(vectors.lastRow() + 1)
  for (let last = 0; !signal.aborted; await yieldToOthers()) {
    const some = vectors.versionsAfter(last, compareBatch)
    for (const { row, version } of some) versions[row] = version
    if (some.length < compareBatch) break
    last = some.at(-1)!.version
  }
  return versions
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
  for (let row = 0; row < last && !signal.aborted; await yieldToOthers()) {
    const stored = vectors.entriesAfter(row, putBatch)
    if (stored.length === 0) return
    put(stored)
    row = stored.at(-1)!.row
    onFilled((filled += stored.length))
  }
}
