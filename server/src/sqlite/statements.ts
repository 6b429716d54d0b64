import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

/** A row as SQLite returns it, columns by name. */
export type Row = Record<string, SQLOutputValue>

/** Filters make many shapes of SQL; the fixed ones come back at once after a clearing. */
const maxKept = 200

/** Prepared statements of one database, kept by their SQL. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #kept = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  all(sql: string, params: SQLInputValue[] = []): Row[] {
    return this.#prepare(sql).all(...params)
  }

  first(sql: string, params: SQLInputValue[] = []): Row | undefined {
    return this.#prepare(sql).get(...params)
  }

  /** For statements that always have a row to answer with. */
  one(sql: string, params: SQLInputValue[] = []): Row {
    return this.first(sql, params)!
  }

  run(sql: string, params: SQLInputValue[] = []): void {
    const statement = this.#prepare(sql)
    // What it returns is of no interest, but must fit: a full-text index leaves the number of a row that no JavaScript number holds.
    statement.setReadBigInts(true)
    statement.run(...params)
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#kept.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      if (this.#kept.size >= maxKept) this.#kept.clear()
      this.#kept.set(sql, statement)
    }
    return statement
  }
}
