import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** What models made of names, and of pictures that show nothing: kept, because it takes minutes or money. */
export class NameVectors {
  readonly #database: DatabaseSync
  readonly #all: StatementSync
  readonly #put: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#all = database.prepare('SELECT subject, vector FROM name_vectors WHERE model = ?')
    this.#put = database.prepare('INSERT OR REPLACE INTO name_vectors VALUES (?, ?, ?)')
  }

  /** False once the file is closed, when nothing can be kept any more. */
  get isOpen(): boolean {
    return this.#database.isOpen
  }

  /** @param model names all that shapes the vectors */
  read(model: string): Map<string, Float32Array> {
    const vectors = new Map<string, Float32Array>()
    for (const row of this.#all.iterate(model)) {
      // Copied: SQLite's bytes need not lie where four-byte numbers may.
      const bytes = (row['vector'] as Uint8Array).slice()
      vectors.set(row['subject'] as string, new Float32Array(bytes.buffer))
    }
    return vectors
  }

  write(model: string, vectors: ReadonlyMap<string, Float32Array>): void {
    explained(stateFile, () => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        for (const [subject, { buffer, byteOffset, byteLength }] of vectors) {
          this.#put.run(model, subject, new Uint8Array(buffer, byteOffset, byteLength))
        }
        this.#database.exec('COMMIT')
      } catch (error) {
        this.#database.exec('ROLLBACK')
        throw error
      }
    })
  }
}
