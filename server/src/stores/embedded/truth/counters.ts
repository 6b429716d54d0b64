import type { Statements } from '../../../sqlite/statements.ts'
import type { Notes } from './notes.ts'

const versionNote = 'version'

/** How many records there are, and how many changes there were, kept in memory: every search asks. */
export class Counters {
  readonly #statements: Statements
  readonly #notes: Notes
  #lastVersion = 0
  #records = 0

  constructor(statements: Statements, notes: Notes) {
    this.#statements = statements
    this.#notes = notes
    this.reload()
  }

  /** The sequence number of the last change of any vector. */
  get lastVersion(): number {
    return this.#lastVersion
  }

  get records(): number {
    return this.#records
  }

  /** Counted on for ever: a record that is deleted and comes back must not meet its old number. */
  nextVersion(): number {
    this.#notes.write(versionNote, ++this.#lastVersion)
    return this.#lastVersion
  }

  addRecords(count: number): void {
    this.#records += count
  }

  /** As the database has them: counting was wrong when a transaction was rolled back. */
  reload(): void {
    this.#lastVersion = Number(this.#notes.read(versionNote) ?? 0)
    this.#records = this.#statements.one('SELECT count(*) AS n FROM images')['n'] as number
  }
}
