import { randomUUID } from 'node:crypto'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { IndexFolder } from './index-folder.ts'
import { repairIndex } from './index-repair.ts'
import type { Versioned } from './stored-vectors.ts'
import type { Truth } from './truth.ts'
import type { VectorIndex } from './vector-index.ts'

/** The graph takes in new vectors when they are this share of all, and a number worth the effort. */
const mostOutside = 0.05
const fewestOutside = 1000
/** What is left of an import is taken in once nothing was written for this long. */
const quietMs = 5_000
const retryMs = 30_000

/** Where the note about the last orderly closing is kept in the truth. */
const sealNote = 'index seal'

/**
 * Keeps the vector index in step with the truth: compares the two after opening, mends what differs,
 * follows every write, and optimises in the background. An index that fails is thrown away and filled
 * again; until that is done, it is not `ready`, and may miss records.
 */
export class IndexKeeper {
  readonly #folder: IndexFolder
  readonly #truth: Truth
  /** From this many vectors on, the graph is faster than comparing them all. */
  readonly #graphFrom: number
  #index: VectorIndex | undefined
  #ready = false
  #failed = false
  #progress = 0
  #mending: Promise<void> | undefined
  #optimising: Promise<void> | undefined
  #quietTimer: NodeJS.Timeout | undefined
  readonly #asked = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()

  constructor(folder: IndexFolder, truth: Truth, graphFrom: number) {
    this.#folder = folder
    this.#truth = truth
    this.#graphFrom = graphFrom
    this.#start(() => this.#open())
  }

  /** False until the index holds all there is, and when it failed. */
  get ready(): boolean {
    return this.#ready
  }

  /** What it is doing, for people; null when all is done. */
  get task(): string | null {
    if (this.#mending) {
      return `being ${this.#ready ? 'compared with the library' : 'rebuilt'} (${Math.floor(this.#progress * 100)} %)`
    }
    const outside = this.#outsideGraph()
    return this.#optimising || outside >= fewestOutside ? `taking in ${outside} new vectors` : null
  }

  /** The `count` nearest; null when the index cannot tell. */
  async nearest(vector: Float32Array, count: number): Promise<Versioned[] | null> {
    if (!this.#ready || !this.#index) return null
    const asked = this.#index.nearest(vector, count)
    this.#asked.add(asked)
    try {
      return await asked
    } catch {
      this.#fail()
      return null
    } finally {
      this.#asked.delete(asked)
    }
  }

  /** Follows a committed write. The truth has it, so a failure here costs no more than a rebuilding. */
  apply(put: (Versioned & { vector: Float32Array })[], removed: string[]): void {
    try {
      this.#index?.remove(removed)
      this.#index?.put(put)
    } catch {
      this.#fail()
    }
    this.#optimiseWhenDue()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#quietTimer)
    await this.#mending
    await this.#optimising
    await Promise.allSettled(this.#asked)
    const ready = this.#ready
    this.#ready = false
    try {
      this.#index?.close()
      if (ready) this.#seal()
    } catch {
      // Without a seal the index is compared, and mended or rebuilt, before it is used again.
    }
  }

  #open(): void {
    const sealed = this.#truth.noted(sealNote)
    if (sealed) this.#truth.write(() => this.#truth.note(sealNote, null))
    const unchanged = sealed !== null && sealed === this.#folder.seal
    this.#index = this.#folder.open()
    // Closed in order and the same as then: it can be used while it is being compared.
    this.#ready = unchanged && this.#index.size === this.#truth.count()
  }

  #seal(): void {
    const seal = randomUUID()
    this.#folder.seal = seal
    this.#truth.write(() => this.#truth.note(sealNote, seal))
  }

  #fail(): void {
    this.#failed = true
    this.#ready = false
    if (!this.#mending) this.#start(() => this.#renew())
  }

  #start(begin: () => void | Promise<void>): void {
    this.#progress = 0
    this.#mending = this.#mend(begin).finally(() => {
      this.#mending = undefined
      this.#optimiseWhenDue()
    })
  }

  /** Never rejects: what cannot be mended now, on a full disk for instance, is tried again later. */
  async #mend(begin: () => void | Promise<void>): Promise<void> {
    const { signal } = this.#closing
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        this.#failed = false
        await (attempt === 0 ? begin() : this.#renew())
        await setImmediate() // opening is over first, so that the server can already answer
        await repairIndex(this.#index!, this.#truth.vectors, this.#truth.count(), {
          onProgress: (share) => (this.#progress = share),
          stopped: () => signal.aborted || this.#failed,
        })
        if (!this.#failed) {
          this.#ready ||= !signal.aborted
          return
        }
      } catch {
        this.#ready = false
      }
      if (attempt > 0) await setTimeout(retryMs, null, { signal, ref: false }).catch(() => {})
    }
  }

  async #renew(): Promise<void> {
    const failed = this.#index
    this.#index = undefined
    await this.#optimising
    await Promise.allSettled(this.#asked)
    try {
      failed?.close()
    } catch {
      // It failed already, and its files are about to go.
    }
    this.#index = this.#folder.renew()
  }

  #optimiseWhenDue(): void {
    clearTimeout(this.#quietTimer)
    if (this.#optimising || this.#mending || !this.#ready || this.#closing.signal.aborted) return
    const outside = this.#outsideGraph()
    if (outside < fewestOutside) return
    if (outside >= mostOutside * this.#index!.size) {
      void this.#optimise()
    } else {
      this.#quietTimer = globalThis.setTimeout(() => void this.#optimise(), quietMs).unref()
    }
  }

  async #optimise(): Promise<void> {
    if (this.#optimising || !this.#ready) return
    this.#optimising = this.#index!.optimise()
    try {
      await this.#optimising
    } catch {
      this.#optimising = undefined
      this.#fail()
      return
    }
    this.#optimising = undefined
    this.#optimiseWhenDue()
  }

  /** 0 below the size from which the graph pays. */
  #outsideGraph(): number {
    if (!this.#index || !this.#ready || this.#index.size < this.#graphFrom) return 0
    return this.#index.outsideGraph
  }
}
