import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { RecordRow } from './rows.ts'

/** Filters make many shapes of SQL; the fixed ones come back at once after a clearing. */
const mostKept = 200

/** Prepared statements of one database, kept by their SQL. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #kept = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  all(sql: string, params: SQLInputValue[] = []): RecordRow[] {
    return this.#prepare(sql).all(...params)
  }

  first(sql: string, params: SQLInputValue[] = []): RecordRow | undefined {
    return this.#prepare(sql).get(...params)
  }

  run(sql: string, params: SQLInputValue[] = []): void {
    this.#prepare(sql).run(...params)
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#kept.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      if (this.#kept.size >= mostKept) this.#kept.clear()
      this.#kept.set(sql, statement)
    }
    return statement
  }
}
