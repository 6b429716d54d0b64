import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VectorIndex, type IndexShape } from './vector-index.ts'

/** A process that dies this often while opening the index was killed by what is in it. */
const mostAttempts = 2

/**
 * The folder `vectors/`: the collection, and two notes beside it. `attempts` counts openings that were
 * begun and never finished; `seal` names the state of the library that the collection was closed in.
 */
export class IndexFolder {
  readonly #folder: string
  readonly #shape: IndexShape

  constructor(folder: string, shape: IndexShape) {
    this.#folder = folder
    this.#shape = shape
  }

  /** The index that is there; a new one when there is none, or none that can be used. */
  open(): VectorIndex {
    const attempts = Number(this.#read('attempts') ?? 0)
    if (attempts >= mostAttempts) return this.renew()
    try {
      // Memory-mapped files can end the process where a damaged one should have been an error.
      this.#write('attempts', String(attempts + 1))
      const index = VectorIndex.open(this.#collection, this.#shape)
      rmSync(join(this.#folder, 'attempts'), { force: true })
      return index
    } catch {
      return this.renew()
    }
  }

  /** Throws away what is there. */
  renew(): VectorIndex {
    rmSync(this.#folder, { recursive: true, force: true })
    mkdirSync(this.#folder, { recursive: true })
    return VectorIndex.create(this.#collection, this.#shape)
  }

  get seal(): string | null {
    return this.#read('seal')
  }

  set seal(seal: string) {
    this.#write('seal', seal)
  }

  get #collection(): string {
    return join(this.#folder, 'collection')
  }

  #read(name: string): string | null {
    try {
      return readFileSync(join(this.#folder, name), 'utf8')
    } catch {
      return null
    }
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text, { flush: true })
  }
}
