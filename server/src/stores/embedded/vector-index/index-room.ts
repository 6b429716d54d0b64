import { setTimeout } from 'node:timers/promises'
import type { Room } from '../../../data-dir/room.ts'
import type { IndexFolder } from './index-folder.ts'

/** What an empty index takes, and what it may write beyond the vectors given to it: bytes. */
const slack = 3e6
/** Of an entry beside its numbers: links, row and version. */
const entryBytes = 200
const checkMs = 1_000

/**
 * The room that the index has on the disk. Its files are mapped into memory: growing where there is no room would
 * end the process.
 */
export class IndexRoom {
  readonly #room: Room
  readonly #folder: IndexFolder
  readonly #entryBytes: number
  #isAwaited = false

  /** @param vectorBytes of the numbers of a vector in the index */
  constructor(room: Room, folder: IndexFolder, vectorBytes: number) {
    this.#room = room
    this.#folder = folder
    // Written to the index's own log and to its file.
    this.#entryBytes = 2 * (vectorBytes + entryBytes)
  }

  /** Whether somebody waits for it. */
  get isAwaited(): boolean {
    return this.#isAwaited
  }

  /** Whether so many vectors more have room, and what the index writes beside them. */
  has(vectors = 0): boolean {
    return this.#room.has(slack + vectors * this.#entryBytes)
  }

  /** @throws Error when they have none */
  assert(vectors = 0): void {
    if (!this.has(vectors)) throw new Error('The disk has no room for the vector index.')
  }

  /** Whether an index of so many vectors has room once the one that is there is thrown away. */
  hasForAll(vectors: number): boolean {
    const needed = slack + vectors * this.#entryBytes
    return this.#room.has(Math.max(slack, needed - this.#folder.bytes()))
  }

  /** Resolves when `hasForAll`, and when the signal comes. */
  async untilForAll(vectors: () => number, signal: AbortSignal): Promise<void> {
    this.#isAwaited = true
    while (!signal.aborted && !this.hasForAll(vectors())) {
      await setTimeout(checkMs, null, { signal, ref: false }).catch(() => {})
    }
    this.#isAwaited = false
  }

  /** Keeps room for a graph, which is made beside the vectors that it takes in; null where there is none. */
  claimForGraph(): (() => void) | null {
    return this.#room.claimDerived(slack + 2 * this.#folder.bytes())
  }
}
