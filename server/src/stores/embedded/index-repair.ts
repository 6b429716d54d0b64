import { setImmediate } from 'node:timers/promises'
import type { StoredVectors } from './stored-vectors.ts'
import type { VectorIndex } from './vector-index.ts'

/** Entries compared, and vectors put in, before other work gets its turn: a few milliseconds each. */
const compareBatch = 250
const putBatch = 50

export interface Repair {
  /** Share of the work that is done, 0 to 1. */
  onProgress(share: number): void
  /** Asked between batches; true ends the repair where it is. */
  stopped(): boolean
}

/**
 * Makes the index hold exactly what the truth holds: every entry is compared by its version, which no
 * two states of any vector share. Writes may go on meanwhile, as long as they reach the index too:
 * whatever is found to differ is brought to what the truth says at that moment.
 */
export async function repairIndex(
  index: VectorIndex,
  vectors: StoredVectors,
  count: number,
  repair: Repair,
): Promise<void> {
  const comparison = await compare(index, vectors, repair)
  if (repair.stopped()) return
  const wrong = comparison.wrong
  if (comparison.right.count < count) wrong.push(...(await missing(vectors, comparison, repair)))
  for (let at = 0; at < wrong.length && !repair.stopped(); at += putBatch) {
    repair.onProgress(1 - (wrong.length - at) / Math.max(count, wrong.length))
    index.put(vectors.ofRows(wrong.slice(at, at + putBatch)))
    await setImmediate()
  }
}

interface Comparison {
  /** Rows whose entry is of another version. */
  readonly wrong: number[]
  readonly right: RowSet
}

async function compare(
  index: VectorIndex,
  vectors: StoredVectors,
  repair: Repair,
): Promise<Comparison> {
  const wrong: number[] = []
  const right = new RowSet()
  let batch = new Map<string, number>()
  const judge = () => {
    for (const { id, row, version } of vectors.places([...batch.keys()])) {
      if (batch.get(id) === version) right.add(row)
      else wrong.push(row)
      batch.delete(id)
    }
    index.remove([...batch.keys()]) // what is left is nowhere in the truth
    batch = new Map()
  }
  for (const { id, version } of index.entries()) {
    batch.set(id, version)
    if (batch.size < compareBatch) continue
    judge()
    await setImmediate()
    if (repair.stopped()) break
  }
  judge()
  return { wrong, right }
}

async function missing(
  vectors: StoredVectors,
  { wrong, right }: Comparison,
  repair: Repair,
): Promise<number[]> {
  const known = new Set(wrong)
  const found: number[] = []
  for (let last = 0; !repair.stopped();) {
    const places = vectors.placesAfter(last, 1000)
    if (places.length === 0) break
    for (const { row } of places) if (!right.has(row) && !known.has(row)) found.push(row)
    last = places.at(-1)!.row
    await setImmediate()
  }
  return found
}

/** Row numbers, a byte each: a million of them must not cost a million strings. */
class RowSet {
  #flags = new Uint8Array(1024)
  count = 0

  add(row: number): void {
    if (row >= this.#flags.length) {
      const larger = new Uint8Array(2 * row)
      larger.set(this.#flags)
      this.#flags = larger
    }
    this.#flags[row] = 1
    this.count++
  }

  has(row: number): boolean {
    return this.#flags[row] === 1
  }
}
