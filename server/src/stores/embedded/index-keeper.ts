import { setImmediate } from 'node:timers/promises'
import type { Truth, Versioned } from './truth.ts'
import { VectorIndex } from './vector-index.ts'

const repairBatch = 200
/** Below this many vectors, comparing them all is as fast as the graph, and exact. */
const optimiseFrom = 10_000
/** The graph is brought up to date when more than this share of the vectors is outside it. */
const staleShare = 0.2

/**
 * Keeps the vector index in step with the truth: compares the two after opening, mends what differs,
 * follows every write, and optimises in the background. Until `ready`, the index may miss records.
 */
export class IndexKeeper {
  readonly index: VectorIndex
  readonly #truth: Truth
  readonly #reconciled: Promise<void>
  #ready = false
  #optimising: Promise<void> | undefined
  #closing = false

  constructor(folder: string, dimensions: number, truth: Truth) {
    this.#truth = truth
    this.index = VectorIndex.open(folder, dimensions)
    this.#reconciled = this.#reconcile()
  }

  /** False while the index is compared with the truth, or when it failed. */
  get ready(): boolean {
    return this.#ready
  }

  /** Share of the library that the index holds, 0 to 1. */
  get progress(): number {
    return Math.min(1, this.index.size / Math.max(1, this.#truth.count()))
  }

  /** Follows a committed write. The truth has it, so a failure here only makes the index unready. */
  apply(put: (Versioned & { vector: Float32Array })[], removed: string[]): void {
    try {
      this.index.remove(removed)
      this.index.put(put)
    } catch {
      this.#ready = false
      return
    }
    void this.#optimiseWhenStale()
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#reconciled
    await this.#optimising
    this.index.close()
  }

  async #reconcile(): Promise<void> {
    await setImmediate() // opening is over first, so that the server can already answer
    const expected = this.#truth.versions()
    const surplus: string[] = []
    for (const { id, version } of this.index.entries()) {
      if (expected.get(id) === version) expected.delete(id)
      else if (!expected.has(id)) surplus.push(id)
    }
    this.index.remove(surplus.filter((id) => this.#truth.get([id]).length === 0))
    const missing = [...expected.keys()]
    for (let at = 0; at < missing.length && !this.#closing; at += repairBatch) {
      // Read anew each time: records may have changed, or gone, since the comparison.
      const found = this.#truth.get(missing.slice(at, at + repairBatch))
      this.index.put(
        found.map(({ record, version }) => ({ id: record.id, version, vector: record.vector })),
      )
      await setImmediate()
    }
    this.#ready = !this.#closing
    await this.#optimiseWhenStale()
  }

  async #optimiseWhenStale(): Promise<void> {
    if (this.#optimising || this.#closing || !this.#ready) return
    const { size, completeness } = this.index
    if (size < optimiseFrom || 1 - completeness < staleShare) return
    this.#optimising = this.index.optimise().catch(() => {})
    await this.#optimising
    this.#optimising = undefined
  }
}
