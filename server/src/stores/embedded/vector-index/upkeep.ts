import type { Truth } from '../truth/truth.ts'
import { measuredBreadth, noteBreadth } from './breadth.ts'
import type { IndexRoom } from './index-room.ts'
import type { Seal } from './seal.ts'
import type { VectorIndex } from './vector-index.ts'

/** The graph takes in new vectors when they are this share of the library. */
const maxShareOutside = 0.05
/** Fewer than this share of `graphFrom` are not worth an optimisation. */
const minShareOfGraph = 0.1
/** What is left of an import is taken in, and sealed, once nothing was written for this long. */
const quietMs = 5_000

/** The index that is kept up, and who has it in use. */
export interface Kept {
  /** Null while it may miss vectors, is being opened or closed. */
  atRest(): VectorIndex | null
  /** It cannot be optimised. */
  failed(index: VectorIndex): void
  /** Seals it while it is in use. */
  seal(): Promise<void>
}

interface UpkeepOptions {
  readonly truth: Truth
  readonly room: IndexRoom
  readonly seal: Seal
  /** From this many vectors on, the graph is faster than comparing them all. */
  readonly graphFrom: number
}

/** What is done to an index in the background when it is left alone: it takes in what is outside its graph, and then is sealed. */
export class Upkeep {
  readonly #kept: Kept
  readonly #truth: Truth
  readonly #room: IndexRoom
  readonly #seal: Seal
  readonly #graphFrom: number
  #optimising: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(kept: Kept, { truth, room, seal, graphFrom }: UpkeepOptions) {
    this.#kept = kept
    this.#truth = truth
    this.#room = room
    this.#seal = seal
    this.#graphFrom = graphFrom
  }

  /** Undefined while the graph takes nothing in. */
  get optimising(): Promise<void> | undefined {
    return this.#optimising
  }

  /** What it is doing, or soon will, for people; null when all is done. */
  task(index: VectorIndex): string | null {
    const outside = this.#outsideGraph(index)
    return this.#optimising || this.#isDue(outside) ? `taking in ${outside} new vectors` : null
  }

  /** Decides what is next, after every write and whenever something has ended. */
  schedule(): void {
    this.stop()
    const index = this.#kept.atRest()
    if (this.#optimising || !index) return
    const outside = this.#outsideGraph(index)
    const due = this.#isDue(outside)
    if (due && outside >= maxShareOutside * this.#truth.count()) {
      this.#optimise(index)
    } else if (due || !this.#seal.isWhole) {
      this.#later(due ? () => this.#optimise(index) : () => void this.#kept.seal())
    }
  }

  /** Nothing is begun from now on until it is scheduled again. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  #later(next: () => void): void {
    this.stop()
    this.#timer = setTimeout(next, quietMs).unref()
  }

  #optimise(index: VectorIndex): void {
    const release = this.#room.claimForGraph()
    if (!release) return this.#later(() => this.schedule())
    this.#optimising = this.#optimised(index, release).then((done) => {
      this.#optimising = undefined
      if (done) this.schedule()
      else this.#kept.failed(index)
    })
  }

  async #optimised(index: VectorIndex, release: () => void): Promise<boolean> {
    try {
      this.#seal.break()
      await index.optimise()
      index.breadth = await measuredBreadth(index, this.#truth.vectors)
      this.#truth.write(() => noteBreadth(this.#truth.notes, index.breadth))
      return true
    } catch {
      return false
    } finally {
      release()
    }
  }

  #isDue(outside: number): boolean {
    return outside >= minShareOfGraph * this.#graphFrom
  }

  /** 0 below the size from which the graph pays. */
  #outsideGraph(index: VectorIndex): number {
    return this.#truth.count() < this.#graphFrom ? 0 : index.outsideGraph
  }
}
