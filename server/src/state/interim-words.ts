import type { DatabaseSync } from 'node:sqlite'
import { explained } from '../sqlite/errors.ts'
import { Statements } from '../sqlite/statements.ts'
import { stateFile } from './state-file.ts'

/** A record whose names are yet to come. */
export interface InterimRecord {
  readonly image: string
  /** What is said behind them. */
  readonly measured: string
  /** When it was marked, in milliseconds since 1970. */
  readonly at: number
}

/** Records that are described without the names that their embedder will have: on disk before the record is. */
export class InterimWords {
  readonly #statements: Statements
  readonly #library: string

  constructor(database: DatabaseSync, library: string) {
    this.#statements = new Statements(database)
    this.#library = library
  }

  mark(image: string, measured: string): void {
    const sql = 'INSERT OR REPLACE INTO interim_words VALUES (?, ?, ?, ?)'
    const parameters = [this.#library, image, measured, Date.now()]
    explained(stateFile, () => this.#statements.run(sql, parameters))
  }

  /** The first behind an image, in the order of their ids; from the beginning where none is given. */
  next(count: number, behind = ''): InterimRecord[] {
    const sql = `SELECT image, measured, at FROM interim_words WHERE library = ? AND image > ?
      ORDER BY image LIMIT ?`
    return this.#statements.all(sql, [this.#library, behind, count]) as unknown as InterimRecord[]
  }

  /** It has its names, or needs none; not where it was marked again meanwhile. */
  settle({ image, at }: InterimRecord): void {
    const sql = 'DELETE FROM interim_words WHERE library = ? AND image = ? AND at = ?'
    explained(stateFile, () => this.#statements.run(sql, [this.#library, image, at]))
  }
}
