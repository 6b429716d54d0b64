import type { DatabaseSync } from 'node:sqlite'
import type { FacetCount } from '../../../records/facets.ts'
import { filterDocument, type Condition, type Filter } from '../../../records/filter.ts'
import { matches } from '../../../records/matches.ts'
import type { ImageRecord, Metadata, VectorRecord } from '../../../records/record.ts'
import { transaction } from '../../../sqlite/open.ts'
import { Statements } from '../../../sqlite/statements.ts'
import { holdsFunction } from '../filter/filter-sql.ts'
import { FollowedRows } from '../filter/followed-rows.ts'
import { MatchingRows } from '../filter/matching-rows.ts'
import { columnValues, upsertSql } from './columns.ts'
import { Counters } from './counters.ts'
import { countFacets } from './facets.ts'
import { Notes } from './notes.ts'
import { StoredFacts } from './stored-facts.ts'
import { StoredRecords, type RecordAtRow } from './stored-records.ts'
import { StoredVectors, type Versioned } from './stored-vectors.ts'
import { StoredWords } from './stored-words.ts'

/**
 * The records in SQLite: what must not be lost. Calls are synchronous; those that change something
 * must run inside `write`.
 */
export class Truth {
  readonly records: StoredRecords
  readonly vectors: StoredVectors
  readonly matching: MatchingRows
  readonly notes: Notes
  /** Which rows pass a filter, as they are after every write. */
  readonly passing: FollowedRows
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #facts: StoredFacts
  readonly #words: StoredWords
  readonly #counters: Counters
  /** What the transaction under way made of records, in its order. */
  #written: [row: number, record: ImageRecord | null][] = []

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = new Statements(database)
    this.matching = new MatchingRows(this.#statements)
    this.passing = new FollowedRows(this.#statements)
    this.vectors = new StoredVectors(this.#statements)
    this.records = new StoredRecords(this.#statements, this.matching, this.vectors)
    this.notes = new Notes(this.#statements)
    this.#facts = new StoredFacts(this.#statements)
    this.#words = new StoredWords(this.#statements)
    this.#counters = new Counters(this.#statements, this.notes)
    database.function(holdsFunction, { varargs: false }, (row, condition) => {
      const filter: Filter = { must: [JSON.parse(condition as string) as Condition] }
      return Number(matches(filter, filterDocument(this.records.atRow(row as number))))
    })
  }

  /** Runs `work` in one transaction: all of it is durable, or none of it happened. */
  write<T>(work: () => T): T {
    try {
      const result = transaction(this.#database, work)
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

  count(filter?: Filter): number {
    return filter ? this.matching.count(filter) : this.#counters.records
  }

  facets(key: string, limit: number, filter?: Filter): FacetCount[] {
    return countFacets(this.#statements, this.matching, { key, limit, filter })
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
