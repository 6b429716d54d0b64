import type { DatabaseSync } from 'node:sqlite'
import { Statements } from '../sqlite/statements.ts'
import { explained } from '../sqlite/errors.ts'
import { transaction } from '../sqlite/open.ts'
import { stateFile } from './state-file.ts'

/** Of each question so many may wait; of more the oldest are given up. */
const mostWaiting = 500

/** A message that is yet to be taken by whoever is told. */
export interface Delivery {
  readonly id: string
  readonly search: string
  readonly url: string
  readonly secret: string
  /** JSON; the same each time that it is sent. */
  readonly body: string
  /** How often it was sent. */
  readonly attempts: number
}

/** Messages to whoever is told of matches, across restarts; servers that share the file send each once at a time. */
export class Deliveries {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #library: string

  constructor(database: DatabaseSync, library: string) {
    this.#database = database
    this.#statements = new Statements(database)
    this.#library = library
  }

  /** Adds one; part of a transaction of whoever calls. */
  add(id: string, search: string, body: string): void {
    this.#statements.run('INSERT INTO deliveries (id, search, body, due) VALUES (?, ?, ?, ?)', [
      id,
      search,
      body,
      Date.now(),
    ])
    const given = this.#statements.all(
      `DELETE FROM deliveries WHERE number IN (
         SELECT number FROM deliveries WHERE search = ? ORDER BY number DESC LIMIT -1 OFFSET ?
       ) RETURNING id`,
      [search, mostWaiting],
    )
    if (given.length > 0) {
      const sql = 'UPDATE searches SET trouble = ? WHERE id = ?'
      this.#statements.run(sql, ['More waited than are kept: the oldest messages were given up.', search]) // prettier-ignore
    }
  }

  /**
   * Takes the oldest message of each question whose time has come; nobody else gets them until then is over.
   *
   * @param forMs how long whoever takes them has
   */
  claim(most: number, forMs: number): Delivery[] {
    const now = Date.now()
    return this.#write(() => {
      const rows = this.#statements.all(
        `SELECT deliveries.id, search, webhook AS url, secret, body, attempts, min(number) AS first
         FROM deliveries JOIN searches ON searches.id = search
         WHERE library = ? AND webhook IS NOT NULL AND stopped = 0
         GROUP BY search HAVING due <= ? AND claimed < ? LIMIT ?`,
        [this.#library, now, now, most],
      )
      for (const { id } of rows) {
        this.#statements.run('UPDATE deliveries SET claimed = ? WHERE id = ?', [now + forMs, id!])
      }
      return rows.map(({ first: _, ...row }) => row as unknown as Delivery)
    })
  }

  /** It was taken. */
  settle({ id, search }: Delivery): void {
    this.#write(() => {
      this.#statements.run('DELETE FROM deliveries WHERE id = ?', [id])
      this.#statements.run('UPDATE searches SET trouble = NULL WHERE id = ?', [search])
    })
  }

  /** It was not taken, and is sent again at a time in milliseconds since 1970. */
  postpone({ id, search }: Delivery, until: number, trouble: string): void {
    this.#write(() => {
      const sql = 'UPDATE deliveries SET attempts = attempts + 1, claimed = 0, due = ? WHERE id = ?'
      this.#statements.run(sql, [until, id])
      this.#statements.run('UPDATE searches SET trouble = ? WHERE id = ?', [trouble, search])
    })
  }

  /** Nothing more is sent for a question, and what waited is given up; what was found stays listed. */
  stop({ search }: Delivery, trouble: string): void {
    this.#write(() => {
      this.#statements.run('UPDATE searches SET trouble = ?, stopped = 1 WHERE id = ?', [trouble, search]) // prettier-ignore
      this.#statements.run('DELETE FROM deliveries WHERE search = ?', [search])
    })
  }

  /** It was not finished: whoever comes next may have it at once. */
  giveBack({ id }: Delivery): void {
    this.#write(() => this.#statements.run('UPDATE deliveries SET claimed = 0 WHERE id = ?', [id]))
  }

  /** How many wait, of one question or of all. */
  waiting(search?: string): number {
    const sql = `SELECT count(*) AS n FROM deliveries JOIN searches ON searches.id = search
      WHERE library = ? AND (? IS NULL OR search = ?)`
    const parameters = [this.#library, search ?? null, search ?? null]
    return this.#statements.one(sql, parameters)['n'] as number
  }

  /** When the next can be sent, in milliseconds since 1970; null where none waits. */
  get nextAt(): number | null {
    const sql = `SELECT min(max(due, claimed)) AS at FROM deliveries JOIN searches ON searches.id = search
      WHERE library = ? AND webhook IS NOT NULL AND stopped = 0
        AND number IN (SELECT min(number) FROM deliveries GROUP BY search)`
    return this.#statements.one(sql, [this.#library])['at'] as number | null
  }

  #write<T>(work: () => T): T {
    return explained(stateFile, () => transaction(this.#database, work))
  }
}
