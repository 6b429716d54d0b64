import { setImmediate } from 'node:timers/promises'
import type { Codes } from '../codes/codes.ts'
import type { VectorIndex } from './vector-index.ts'

/** The first question to an index that was opened, and before it its codes being read. */
export class Proving {
  /** Resolves when codes are read, or cannot be. */
  readonly codesRead: Promise<void>
  /** Resolves when the index has answered, or cannot. */
  readonly ended: Promise<void>
  /** Rejects when codes are missing or the index cannot answer. */
  readonly proven: Promise<void>
  #hasCodes = false

  constructor(index: VectorIndex, codes: Codes) {
    // Opening is over first, so that the server can already answer.
    const read = setImmediate().then(() => this.#read(index, codes))
    this.proven = read.then(() => index.prove())
    const settled = (work: Promise<void>) => work.catch(() => {})
    this.codesRead = settled(read)
    this.ended = settled(this.proven)
  }

  /** Whether there is a code for every vector of the index. */
  get hasCodes(): boolean {
    return this.#hasCodes
  }

  async #read(index: VectorIndex, codes: Codes): Promise<void> {
    await codes.read()
    if (codes.ready && codes.size !== index.size) throw new Error('Codes are missing.')
    this.#hasCodes = true
  }
}
