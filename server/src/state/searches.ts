import type { DatabaseSync } from 'node:sqlite'
import { Statements } from '../sqlite/statements.ts'
import { explained } from '../sqlite/errors.ts'
import { transaction } from '../sqlite/open.ts'
import { stateFile } from './state-file.ts'

/** Of a question that stands: where new matches are sent. */
export interface StoredWebhook {
  readonly url: string
  readonly secret: string
  /** What the last attempt met; null when it was taken. */
  readonly trouble: string | null
  /** Nothing more is sent until somebody sets it anew. */
  readonly isStopped: boolean
}

/** A question that stands. */
export interface StoredSearch {
  readonly id: string
  readonly question: string
  readonly name: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** What a picture must be to match, in a shape of whoever keeps it. */
  readonly rule: unknown
  readonly isPaused: boolean
  /** Why it cannot be compared with the library as it is; null when it can. */
  readonly outdated: string | null
  /** Matches that are no longer listed. */
  readonly forgotten: number
  readonly webhook: StoredWebhook | null
}

/** The questions that stand in one library. */
export class Searches {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  /** Which of the libraries that may share the file is meant. */
  readonly library: string

  constructor(database: DatabaseSync, library: string) {
    this.#database = database
    this.#statements = new Statements(database)
    this.library = library
  }

  /** Whether pictures that arrive are to be compared with any, also with one that is being made. */
  get areAny(): boolean {
    const sql = 'SELECT 1 FROM searches WHERE library = ? LIMIT 1'
    return this.#statements.first(sql, [this.library]) !== undefined
  }

  /** Oldest first. */
  list(): StoredSearch[] {
    const sql =
      'SELECT * FROM searches WHERE library = ? AND question IS NOT NULL ORDER BY created, id'
    return this.#statements.all(sql, [this.library]).map(fromRow)
  }

  get(id: string): StoredSearch | null {
    const sql = 'SELECT * FROM searches WHERE library = ? AND id = ? AND question IS NOT NULL'
    const row = this.#statements.first(sql, [this.library, id])
    return row ? fromRow(row) : null
  }

  /**
   * Takes a place, from which moment on pictures that arrive are marked.
   *
   * @param server a name of this process among those that share the file
   * @returns false when there are as many as there may be
   */
  reserve(id: string, most: number, server: string): boolean {
    const sql = `INSERT INTO searches (id, library, name, created, rule)
      SELECT ?, ?, '', ?, ? WHERE (SELECT count(*) FROM searches WHERE library = ?) < ? RETURNING id`
    const created = new Date().toISOString()
    const made = [id, this.library, created, JSON.stringify(server), this.library, most]
    return this.#write(() => this.#statements.first(sql, made) !== undefined)
  }

  /** Gives back places that were taken by servers that run no more: until then every picture stays marked. */
  releaseDead(running: ReadonlySet<string>): void {
    const sql = `DELETE FROM searches WHERE library = ? AND question IS NULL
      AND rule NOT IN (SELECT json_quote(value) FROM json_each(?))`
    this.#write(() => this.#statements.run(sql, [this.library, JSON.stringify([...running])]))
  }

  /** Gives a place back; one that was filled stays. */
  release(id: string): void {
    this.#write(() =>
      this.#statements.run('DELETE FROM searches WHERE id = ? AND question IS NULL', [id]),
    )
  }

  /** Fills a place; part of a transaction of whoever calls. */
  fill(
    id: string,
    { question, name, rule }: Pick<StoredSearch, 'question' | 'name' | 'rule'>,
  ): void {
    const sql = 'UPDATE searches SET question = ?, name = ?, rule = ? WHERE id = ?'
    this.#statements.run(sql, [question, name, JSON.stringify(rule), id])
  }

  rename(id: string, name: string): void {
    this.#write(() => this.#statements.run('UPDATE searches SET name = ? WHERE id = ?', [name, id]))
  }

  pause(id: string, isPaused: boolean): void {
    const sql = 'UPDATE searches SET paused = ? WHERE id = ?'
    this.#write(() => this.#statements.run(sql, [Number(isPaused), id]))
  }

  outdate(id: string, why: string | null): void {
    this.#write(() =>
      this.#statements.run('UPDATE searches SET outdated = ? WHERE id = ?', [why, id]),
    )
  }

  /** What was waiting to be sent to another address goes with it. */
  setWebhook(id: string, webhook: Pick<StoredWebhook, 'url' | 'secret'> | null): void {
    this.#write(() => {
      const sql =
        'UPDATE searches SET webhook = ?, secret = ?, trouble = NULL, stopped = 0 WHERE id = ?'
      this.#statements.run(sql, [webhook?.url ?? null, webhook?.secret ?? null, id])
      this.#statements.run('DELETE FROM deliveries WHERE search = ?', [id])
    })
  }

  /** False where there was none. */
  remove(id: string): boolean {
    return this.#write(() => {
      const sql =
        'DELETE FROM searches WHERE library = ? AND id = ? AND question IS NOT NULL RETURNING id'
      return this.#statements.first(sql, [this.library, id]) !== undefined
    })
  }

  #write<T>(work: () => T): T {
    return explained(stateFile, () => transaction(this.#database, work))
  }
}

function fromRow(row: ReturnType<Statements['all']>[number]): StoredSearch {
  const url = row['webhook'] as string | null
  return {
    id: row['id'] as string,
    question: row['question'] as string,
    name: row['name'] as string,
    createdAt: row['created'] as string,
    rule: JSON.parse(row['rule'] as string),
    isPaused: row['paused'] === 1,
    outdated: row['outdated'] as string | null,
    forgotten: row['forgotten'] as number,
    webhook:
      url === null
        ? null
        : {
            url,
            secret: row['secret'] as string,
            trouble: row['trouble'] as string | null,
            isStopped: row['stopped'] === 1,
          },
  }
}
