import type { ImageRecord } from '../../../records/record.ts'
import type { Statements } from '../../../sqlite/statements.ts'
import { factsOf } from '../filter/facts.ts'

/** The facts of records, which change with their record. */
export class StoredFacts {
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  add(row: number, record: ImageRecord): void {
    for (const { key, kind, value } of factsOf(record)) {
      this.#statements.run('INSERT OR IGNORE INTO facts VALUES (?, ?, ?, ?)', [
        key,
        kind,
        value,
        row,
      ])
    }
  }

  /** By the facts themselves, which are the table's key; an index by row would double its size. */
  remove(row: number, record: ImageRecord): void {
    for (const { key, kind, value } of factsOf(record)) {
      this.#statements.run(
        'DELETE FROM facts WHERE key = ? AND kind = ? AND value = ? AND row = ?',
        [key, kind, value, row],
      )
    }
  }
}
