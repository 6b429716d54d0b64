import type { DatabaseSync } from 'node:sqlite'
import type { ImageRecord, Metadata, VectorRecord } from '../../../records/record.ts'
import { transaction } from '../../../sqlite/open.ts'
import { Statements } from '../../../sqlite/statements.ts'
import type { WriteAheadLog } from '../../../sqlite/write-ahead-log.ts'
import { FollowedRows } from '../filter/followed-rows.ts'
import { columnValues, upsertSql } from './columns.ts'
import { Counters } from './counters.ts'
import { Facets } from './facets.ts'
import { Notes } from './notes.ts'
import { Pages } from './pages.ts'
import { StoredFacts } from './stored-facts.ts'
import { StoredRecords, type RecordAtRow } from './stored-records.ts'
import { StoredVectors, type Versioned } from './stored-vectors.ts'
import { StoredWords } from './stored-words.ts'
import { Walk } from './walk.ts'

type Transaction = <T>(work: () => T) => T

/**
 * The records in SQLite: what must not be lost. Calls that change something are synchronous, and must
 * run inside `write` or `commit`.
 */
export class Truth {
  readonly records: StoredRecords
  readonly vectors: StoredVectors
  readonly pages: Pages
  readonly facets: Facets
  readonly notes: Notes
  /** Which rows pass a filter, as they are after every write. */
  readonly passing: FollowedRows
  readonly #writeNow: Transaction
  readonly #commit: Transaction
  readonly #log: WriteAheadLog | undefined
  readonly #statements: Statements
  readonly #facts: StoredFacts
  readonly #words: StoredWords
  readonly #counters: Counters
  /** What the transaction under way made of records, in its order. */
  #written: [row: number, record: ImageRecord | null][] = []

  /** @param log of a database that is written while it is used */
  constructor(database: DatabaseSync, log?: WriteAheadLog) {
    this.#log = log
    const alone: Transaction = (work) => transaction(database, work)
    this.#writeNow = log ? (work) => log.writeNow(work) : alone
    this.#commit = log ? (work) => log.commit(work) : alone
    this.#statements = new Statements(database)
    this.passing = new FollowedRows(this.#statements)
    this.vectors = new StoredVectors(this.#statements)
    this.records = new StoredRecords(this.#statements, this.vectors)
    this.pages = new Pages(this.records, new Walk(this.#statements, this.passing))
    this.facets = new Facets(this.#statements, this.records, this.passing)
    this.notes = new Notes(this.#statements)
    this.#facts = new StoredFacts(this.#statements)
    this.#words = new StoredWords(this.#statements)
    this.#counters = new Counters(this.#statements, this.notes)
  }

  /** Runs `work` in one transaction: all of it is durable, or none of it happened. */
  write<T>(work: () => T): T {
    return this.#followed(this.#writeNow, work)
  }

  /** The same, durable once the log is synced. */
  commit<T>(work: () => T): T {
    return this.#followed(this.#commit, work)
  }

  /** Commits, and resolves once it is durable. */
  async writeAsync<T>(work: () => T): Promise<T> {
    await this.#log?.writable()
    const result = this.commit(work)
    await this.#log?.sync()
    return result
  }

  #followed<T>(run: Transaction, work: () => T): T {
    try {
      const result = run(() => {
        const made = work()
        if (this.#written.length > 0) this.#words.merge()
        return made
      })
      for (const [row, record] of this.#written) this.passing.follow(row, record)
      return result
    } catch (error) {
      this.#counters.reload()
      throw error
    } finally {
      this.#written = []
    }
  }

  /** The sequence number of the last change of any vector. */
  get lastVersion(): number {
    return this.#counters.lastVersion
  }

  /** Returns what the vector index must hold for the record now. */
  put(record: VectorRecord): Versioned {
    const version = this.#counters.nextVersion()
    if (!this.#removeSaid(record.id)) this.#counters.addRecords(1)
    const upserted = this.#statements.one(upsertSql, [...columnValues(record), version])
    const row = upserted['row'] as number
    this.vectors.put(row, record.vector)
    this.#addSaid(row, record)
    return { row, version }
  }

  setMetadata(id: string, metadata: Metadata): boolean {
    const found = this.#removeSaid(id)
    if (!found) return false
    this.#statements.run('UPDATE images SET metadata = ? WHERE id = ?', [
      JSON.stringify(metadata),
      id,
    ])
    this.#addSaid(found.row, { ...found.record, metadata })
    return true
  }

  /** Returns the row that the record had, or null when there was none. */
  delete(id: string): number | null {
    const found = this.#removeSaid(id)
    if (!found) return null
    this.vectors.remove(found.row)
    this.#statements.run('DELETE FROM images WHERE row = ?', [found.row])
    this.#counters.addRecords(-1)
    this.#written.push([found.row, null])
    return found.row
  }

  count(): number {
    return this.#counters.records
  }

  #addSaid(row: number, record: ImageRecord): void {
    this.#facts.add(row, record)
    this.#words.add(row, record)
    this.#written.push([row, record])
  }

  /** Facts and words of a record that is there. */
  #removeSaid(id: string): RecordAtRow | undefined {
    const found = this.records.find(id)
    if (found) {
      this.#facts.remove(found.row, found.record)
      this.#words.remove(found.row)
    }
    return found
  }
}
