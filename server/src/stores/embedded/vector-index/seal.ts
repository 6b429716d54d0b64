import { randomUUID } from 'node:crypto'
import type { Truth } from '../truth/truth.ts'
import { notedBreadth } from './breadth.ts'
import type { IndexFolder } from './index-folder.ts'
import type { VectorIndex } from './vector-index.ts'

/** Where the truth notes the seal of an index that was closed in order and not written since. */
export const sealNote = 'index seal'

/** What vouches for an index on disk: the same name, drawn at random, beside it and in the library. */
export class Seal {
  readonly #folder: IndexFolder
  readonly #truth: Truth
  #isWhole = false

  constructor(folder: IndexFolder, truth: Truth) {
    this.#folder = folder
    this.#truth = truth
  }

  /** Whether nothing was written to the index since it was sealed. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** The index under it; undefined when there is none, or it cannot be used. */
  open(): VectorIndex | undefined {
    const seal = this.#truth.notes.read(sealNote)
    const index = seal ? this.#folder.openSealed(seal) : null
    if (!index) return undefined
    index.breadth = notedBreadth(this.#truth.notes)
    this.#isWhole = true
    return index
  }

  /** Of an index that was closed in order. */
  set(): void {
    const seal = randomUUID()
    this.#folder.seal(seal)
    this.#truth.write(() => this.#truth.notes.write(sealNote, seal))
    this.#isWhole = true
  }

  /** Before anything is written to the index: from then on only an orderly closing vouches for it. */
  break(): void {
    if (this.#isWhole || this.#truth.notes.read(sealNote) !== null) {
      this.#truth.write(() => this.#truth.notes.remove(sealNote))
    }
    this.#isWhole = false
  }
}
