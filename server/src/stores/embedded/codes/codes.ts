import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { RowSet } from '../filter/row-set.ts'
import { batch, CodedVectors, type Estimate } from './coded-vectors.ts'
import { Coding, isCode } from './coding.ts'

/** Read before other work gets its turn. */
const readBytes = 2 ** 19

export interface TurnedVector {
  readonly row: number
  /** By the `Rotation` of its dimensions. */
  readonly turned: Float32Array
}

/**
 * Codes of the vectors in the index, in memory and in a file in which each has its place by its row. The file is
 * derived as the index is, written with it, and holds under the same seal.
 */
export class Codes {
  readonly #coding: Coding
  readonly #file: number
  readonly #vectors: CodedVectors
  readonly #code: Uint32Array
  readonly #empty: Uint32Array
  #state: 'reading' | 'read' | 'closed' | 'too many'

  /** Makes the file where there is none. */
  constructor(path: string, dimensions: number) {
    this.#coding = new Coding(dimensions)
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT)
    this.#state = fstatSync(this.#file).size === 0 ? 'read' : 'reading'
    this.#vectors = new CodedVectors(this.#coding)
    this.#code = new Uint32Array(this.#coding.bytes / 4)
    this.#empty = new Uint32Array(this.#coding.bytes / 4)
  }

  /** Whether every vector of the index has its code here. */
  get ready(): boolean {
    return this.#state === 'read'
  }

  get size(): number {
    return this.#vectors.size
  }

  /** Standard deviation of an estimate from the true cosine. */
  get deviation(): number {
    return this.#coding.deviation
  }

  put(vectors: readonly TurnedVector[]): void {
    for (const { row, turned } of vectors) {
      this.#coding.encode(turned, this.#code)
      this.#write(row, this.#code)
      this.#set(row, this.#code)
    }
  }

  remove(rows: readonly number[]): void {
    for (const row of rows) {
      this.#write(row, this.#empty)
      this.#vectors.delete(row)
    }
  }

  /** Reads the file, in steps in which nothing is written; writes go on between them. */
  async read(): Promise<void> {
    const { bytes } = this.#coding
    const buffer = new Uint8Array(Math.floor(readBytes / bytes) * bytes)
    for (let row = 0; this.#state === 'reading'; row += buffer.length / bytes) {
      const read = readSync(this.#file, buffer, 0, buffer.length, row * bytes)
      for (let at = 0; at + bytes <= read; at += bytes) {
        const code = new Uint32Array(buffer.buffer, at, bytes / 4)
        if (isCode(code)) this.#set(row + at / bytes, code)
      }
      if (read < buffer.length && this.#state === 'reading') this.#state = 'read'
      else await setImmediate()
    }
  }

  /** See `CodedVectors`. */
  nearest(vector: Float32Array, rows: RowSet, count: number): Promise<Estimate[]> {
    return this.#vectors.nearest(vector, rows.lists(batch), count)
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    closeSync(this.#file)
  }

  #set(row: number, code: Uint32Array): void {
    if (this.#state === 'too many') return
    try {
      this.#vectors.set(row, code)
    } catch {
      // There is no more memory for them: searches do without.
      this.#state = 'too many'
    }
  }

  #write(row: number, code: Uint32Array): void {
    const written = writeSync(this.#file, code, 0, code.byteLength, row * code.byteLength)
    if (written < code.byteLength) throw new Error('The disk has no room for the codes of vectors.')
  }
}
