import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** Vectors that were drawn from a library. */
export interface KeptSample {
  /** Pictures that the library had. */
  readonly pictures: number
  readonly vectors: readonly Float32Array[]
  /** What nearest neighbours usually score at least; null while that is not known. */
  readonly usualNearest: number | null
}

/** Samples of libraries, by library and embedder. */
export class Samples {
  readonly #library: string
  readonly #get: StatementSync
  readonly #put: StatementSync
  readonly #remove: StatementSync

  /** @param library where it is kept; of servers that share this file, each may use another one */
  constructor(database: DatabaseSync, library: string) {
    this.#library = library
    this.#get = database.prepare('SELECT * FROM samples WHERE library = ?')
    this.#put = database.prepare('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?)')
    this.#remove = database.prepare('DELETE FROM samples WHERE library = ?')
  }

  read(embedderId: string): KeptSample | null {
    const row = this.#get.get(this.#key(embedderId))
    if (!row) return null
    const length = row['length'] as number
    // Copied: SQLite's bytes need not lie where four-byte numbers may.
    const numbers = new Float32Array((row['vectors'] as Uint8Array).slice().buffer)
    const count = numbers.length / length
    return {
      pictures: row['pictures'] as number,
      usualNearest: row['usual_nearest'] as number | null,
      vectors: Array.from({ length: count }, (_, at) =>
        numbers.subarray(at * length, (at + 1) * length),
      ),
    }
  }

  write(embedderId: string, { pictures, vectors, usualNearest }: KeptSample): void {
    const length = vectors[0]?.length ?? 0
    const numbers = new Float32Array(vectors.length * length)
    vectors.forEach((vector, at) => numbers.set(vector, at * length))
    const bytes = new Uint8Array(numbers.buffer)
    explained(stateFile, () =>
      this.#put.run(this.#key(embedderId), pictures, length, bytes, usualNearest),
    )
  }

  remove(embedderId: string): void {
    explained(stateFile, () => this.#remove.run(this.#key(embedderId)))
  }

  #key(embedderId: string): string {
    return `${this.#library} ${embedderId}`
  }
}
