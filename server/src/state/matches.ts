import type { DatabaseSync } from 'node:sqlite'
import { Statements } from '../sqlite/statements.ts'
import { explained } from '../sqlite/errors.ts'
import { transaction } from '../sqlite/open.ts'
import { stateFile } from './state-file.ts'

/** Of each question so many are listed; the oldest of more are forgotten. */
const mostListed = 1000
/** So many more are remembered as told, so that none of them is told again. */
const mostTold = 20_000

/** A picture that came and matched. */
export interface StoredMatch {
  /** Rises with time. */
  readonly number: number
  readonly image: string
  /** Cosine similarity. */
  readonly score: number
  readonly match: string | null
  readonly surprise: number | null
  /** ISO 8601, UTC. */
  readonly at: string
  readonly isSeen: boolean
}

export type NewMatch = Pick<StoredMatch, 'image' | 'score' | 'match' | 'surprise'>

export interface MatchCounts {
  readonly listed: number
  readonly unseen: number
  /** When the newest came; null where there is none. */
  readonly newestAt: string | null
}

/** What was found for questions that stand: each picture once a question, however often it is compared. */
export class Matches {
  readonly #database: DatabaseSync
  readonly #statements: Statements

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = new Statements(database)
  }

  /** Runs `work` in one transaction: all of it is durable, or none of it happened. */
  write<T>(work: () => T): T {
    return explained(stateFile, () => transaction(this.#database, work))
  }

  /**
   * Adds those that were not told before, inside `write`.
   *
   * @returns these
   */
  add(search: string, matches: readonly NewMatch[], at: string): NewMatch[] {
    const sql = `INSERT OR IGNORE INTO matches (search, image, score, match, surprise, at)
      SELECT id, ?, ?, ?, ?, ? FROM searches WHERE id = ? RETURNING number`
    const added = matches.filter(({ image, score, match, surprise }) =>
      // A question that was deleted meanwhile takes none.
      this.#statements.first(sql, [image, score, match, surprise, at, search]),
    )
    if (added.length > 0) this.#forgetOldest(search)
    return added
  }

  /** Pictures that are not new to a question, inside `write`. */
  know(search: string, images: readonly string[]): void {
    const sql = `INSERT OR IGNORE INTO matches (search, image, at, listed, seen)
      SELECT ?, value, '', 0, 1 FROM json_each(?)`
    this.#statements.run(sql, [search, JSON.stringify(images)])
  }

  /** Newest first, from behind one on. */
  page(
    search: string,
    { before, limit, unseen }: { before: number | undefined; limit: number; unseen: boolean },
  ): StoredMatch[] {
    const sql = `SELECT number, image, score, match, surprise, at, seen FROM matches
      WHERE search = ? AND listed = 1 AND number < ? ${unseen ? 'AND seen = 0' : ''}
      ORDER BY number DESC LIMIT ?`
    const parameters = [search, before ?? Number.MAX_SAFE_INTEGER, limit]
    return this.#statements.all(sql, parameters).map(({ seen, ...row }) => ({
      ...(row as unknown as StoredMatch),
      isSeen: seen === 1,
    }))
  }

  counts(search: string): MatchCounts {
    const sql = `SELECT count(*) AS listed, coalesce(sum(seen = 0), 0) AS unseen, max(at) AS newestAt
      FROM matches WHERE search = ? AND listed = 1`
    return this.#statements.one(sql, [search]) as unknown as MatchCounts
  }

  /** Those up to a number were seen; without one, all. */
  see(search: string, upTo = Number.MAX_SAFE_INTEGER): void {
    const sql =
      'UPDATE matches SET seen = 1 WHERE search = ? AND listed = 1 AND seen = 0 AND number <= ?'
    explained(stateFile, () => this.#statements.run(sql, [search, upTo]))
  }

  #forgetOldest(search: string): void {
    const over = this.counts(search).listed - mostListed
    if (over <= 0) return
    const oldest =
      'SELECT number FROM matches WHERE search = ? AND listed = 1 ORDER BY number LIMIT ?'
    this.#statements.run(`UPDATE matches SET listed = 0 WHERE number IN (${oldest})`, [
      search,
      over,
    ])
    this.#statements.run('UPDATE searches SET forgotten = forgotten + ? WHERE id = ?', [
      over,
      search,
    ])
    this.#statements.run(
      `DELETE FROM matches WHERE number IN (
         SELECT number FROM matches WHERE search = ? AND listed = 0 ORDER BY number DESC LIMIT -1 OFFSET ?
       )`,
      [search, mostTold],
    )
  }
}
