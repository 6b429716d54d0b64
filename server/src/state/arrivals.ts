import type { DatabaseSync } from 'node:sqlite'
import { Statements } from '../sqlite/statements.ts'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** A picture that is to be compared, and how often it was marked: one that is written again meanwhile stays. */
export interface Arrival {
  readonly image: string
  readonly version: number
}

/**
 * Pictures that are yet to be compared with the questions that stand: on disk before the library changes, so that a
 * process that dies leaves a trace. Each belongs to the server that writes it: no other knows when that is done.
 */
export class Arrivals {
  readonly #statements: Statements
  readonly #library: string
  readonly #server: string

  /** @param server a name of this process among those that share the file */
  constructor(database: DatabaseSync, library: string, server: string) {
    this.#statements = new Statements(database)
    this.#library = library
    this.#server = server
  }

  mark(images: readonly string[]): void {
    const sql = `INSERT INTO arrivals SELECT ?, value, ?, 1 FROM json_each(?) WHERE true
      ON CONFLICT DO UPDATE SET version = version + 1`
    const parameters = [this.#library, this.#server, JSON.stringify(images)]
    explained(stateFile, () => this.#statements.run(sql, parameters))
  }

  /** The first of this server's, passing over some. */
  next(count: number, without: ReadonlySet<string>): Arrival[] {
    const sql = `SELECT image, version FROM arrivals WHERE library = ? AND server = ?
      AND image NOT IN (SELECT value FROM json_each(?)) LIMIT ?`
    const parameters = [this.#library, this.#server, JSON.stringify([...without]), count]
    return this.#statements.all(sql, parameters) as unknown as Arrival[]
  }

  /** Which of the pictures are marked, by any server. */
  among(images: readonly string[]): Set<string> {
    const sql = `SELECT DISTINCT image FROM arrivals WHERE library = ? AND image IN (SELECT value FROM json_each(?))`
    const found = this.#statements.all(sql, [this.#library, JSON.stringify(images)])
    return new Set(found.map(({ image }) => image as string))
  }

  /**
   * Those are done; not while a question is being made, which has yet to say whether it knew them. Part of a
   * transaction of whoever calls.
   */
  settle(arrivals: readonly Arrival[]): void {
    const sql = `DELETE FROM arrivals WHERE library = ? AND server = ? AND image = ? AND version = ?
      AND NOT EXISTS (SELECT 1 FROM searches WHERE library = ? AND question IS NULL)`
    for (const { image, version } of arrivals) {
      this.#statements.run(sql, [this.#library, this.#server, image, version, this.#library])
    }
  }

  /** Whether what is settled stays marked, because a question is being made. */
  get areHeld(): boolean {
    const sql = 'SELECT 1 FROM searches WHERE library = ? AND question IS NULL'
    return this.#statements.first(sql, [this.#library]) !== undefined
  }

  /** Takes over what servers left that run no more. */
  adopt(running: ReadonlySet<string>): void {
    const parameters = [this.#library, JSON.stringify([...running])]
    const theirs = 'library = ? AND server NOT IN (SELECT value FROM json_each(?))'
    explained(stateFile, () => {
      this.#statements.run(`UPDATE OR IGNORE arrivals SET server = ? WHERE ${theirs}`, [
        this.#server,
        ...parameters,
      ])
      this.#statements.run(`DELETE FROM arrivals WHERE ${theirs}`, parameters)
    })
  }

  /** How many wait. */
  get waiting(): number {
    const sql = 'SELECT count(*) AS n FROM arrivals WHERE library = ? AND server = ?'
    return this.#statements.one(sql, [this.#library, this.#server])['n'] as number
  }
}
