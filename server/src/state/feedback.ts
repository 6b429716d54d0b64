import type { DatabaseSync } from 'node:sqlite'
import { Statements } from '../sqlite/statements.ts'
import { explained } from '../sqlite/errors.ts'
import { transaction } from '../sqlite/open.ts'
import { stateFile } from './state-file.ts'

/** Of one library so many are kept; of more the oldest are forgotten. */
const mostKept = 20_000

/** That somebody found an image right or wrong for a question. */
export interface StoredJudgement {
  /** Rises with time. */
  readonly number: number
  readonly question: string
  readonly image: string
  readonly isRelevant: boolean
  /** ISO 8601, UTC. */
  readonly at: string
}

/** Judgements of results that people wanted to be kept, of one library. */
export class StoredFeedback {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #library: string

  constructor(database: DatabaseSync, library: string) {
    this.#database = database
    this.#statements = new Statements(database)
    this.#library = library
  }

  /** Keeps one, in the place of an earlier one of the same; part of a transaction of whoever calls. */
  put({ question, image, isRelevant, at }: Omit<StoredJudgement, 'number'>): void {
    this.#statements.run(
      'INSERT OR REPLACE INTO feedback (library, question, image, relevant, at) VALUES (?, ?, ?, ?, ?)',
      [this.#library, question, image, Number(isRelevant), at],
    )
    this.#statements.run(
      `DELETE FROM feedback WHERE number IN (
         SELECT number FROM feedback WHERE library = ? ORDER BY number DESC LIMIT -1 OFFSET ?
       )`,
      [this.#library, mostKept],
    )
  }

  /** The one of a question and an image; null where there is none. */
  find(question: string, image: string): StoredJudgement | null {
    const sql = 'SELECT * FROM feedback WHERE library = ? AND question = ? AND image = ?'
    const row = this.#statements.first(sql, [this.#library, question, image])
    return row ? fromRow(row) : null
  }

  /** Newest first, from behind one on. */
  page(before: number | undefined, limit: number): StoredJudgement[] {
    const sql =
      'SELECT * FROM feedback WHERE library = ? AND number < ? ORDER BY number DESC LIMIT ?'
    const parameters = [this.#library, before ?? Number.MAX_SAFE_INTEGER, limit]
    return this.#statements.all(sql, parameters).map(fromRow)
  }

  get count(): number {
    const sql = 'SELECT count(*) AS n FROM feedback WHERE library = ?'
    return this.#statements.one(sql, [this.#library])['n'] as number
  }

  /** False where there was none. */
  remove(number: number): boolean {
    const sql = 'DELETE FROM feedback WHERE library = ? AND number = ? RETURNING number'
    return this.#write(() => this.#statements.first(sql, [this.#library, number]) !== undefined)
  }

  clear(): void {
    this.#write(() =>
      this.#statements.run('DELETE FROM feedback WHERE library = ?', [this.#library]),
    )
  }

  #write<T>(work: () => T): T {
    return explained(stateFile, () => transaction(this.#database, work))
  }
}

function fromRow(row: ReturnType<Statements['all']>[number]): StoredJudgement {
  return {
    number: row['number'] as number,
    question: row['question'] as string,
    image: row['image'] as string,
    isRelevant: row['relevant'] === 1,
    at: row['at'] as string,
  }
}
