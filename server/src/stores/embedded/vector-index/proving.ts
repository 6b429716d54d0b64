import { setImmediate } from 'node:timers/promises'
import type { Codes } from '../codes/codes.ts'
import type { IndexFolder } from './index-folder.ts'
import type { VectorIndex } from './vector-index.ts'

/**
 * Codes answer what is asked before the index is, from a cold disk at best while nothing else is read from it: an index of more
 * bytes is left alone until the searches after a start have been answered for so long, or for so long altogether.
 */
const smallBytes = 64e6
const quietMs = 500
const mostMs = 3_000

/** The first question to an index that was opened, and before it its codes being read. */
export class Proving {
  /** Resolves when codes are read, or cannot be. */
  readonly codesRead: Promise<void>
  /** Resolves when the index has answered, or cannot. */
  readonly ended: Promise<void>
  /** Rejects when codes are missing or the index cannot answer. */
  readonly proven: Promise<void>
  #hasCodes = false
  readonly #quiet = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined

  constructor(index: VectorIndex, codes: Codes, folder: IndexFolder) {
    // Opening is over first, so that the server can already answer.
    const read = setImmediate().then(() => this.#read(index, codes))
    this.proven = read.then(async () => {
      if (folder.bytes() > smallBytes) await this.#untilQuiet(folder)
      await index.prove()
      folder.proven()
    })
    const settled = (work: Promise<void>) => work.catch(() => {})
    this.codesRead = settled(read)
    this.ended = settled(this.proven)
  }

  /** Whether there is a code for every vector of the index. */
  get hasCodes(): boolean {
    return this.#hasCodes
  }

  /** A search was answered. */
  answered(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#quiet.resolve, quietMs).unref()
  }

  /** There is nobody left who could search. */
  end(): void {
    this.#quiet.resolve()
  }

  async #untilQuiet(folder: IndexFolder): Promise<void> {
    folder.pause()
    const latest = setTimeout(this.#quiet.resolve, mostMs).unref()
    await this.#quiet.promise
    clearTimeout(latest)
    clearTimeout(this.#timer)
    folder.resume()
  }

  async #read(index: VectorIndex, codes: Codes): Promise<void> {
    await codes.read()
    if (codes.ready && codes.size !== index.size) throw new Error('Codes are missing.')
    this.#hasCodes = true
  }
}
