import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { LookalikeError } from '../../errors.ts'
import { FacetCounter } from '../../records/facets.ts'
import { filterDocument, type Condition, type Filter } from '../../records/filter.ts'
import type { Page, PageRequest } from '../image-store.ts'
import type { FacetCount } from '../../records/facets.ts'
import type { ImageRecord, Metadata, VectorRecord } from '../../records/record.ts'
import { parseKeyPath } from '../../records/key-path.ts'
import { matches } from '../../records/matches.ts'
import { factKey, factsOf, columnKeys } from './facts.ts'
import { transaction } from '../../sqlite/open.ts'
import { holdsFunction } from './filter-sql.ts'
import { MatchingRows } from './matching-rows.ts'
import { toRecord, toVector, toVectorRecord, type RecordRow } from './rows.ts'
import { Statements } from './statements.ts'
import { StoredVectors, type IndexEntry, type Versioned } from './stored-vectors.ts'

const recordColumns = `images.id, image_uri, description, metadata, sha256, format, width, height,
  bytes, missing, phash, embedder, described_by, indexed_at, version`

/**
 * The records in SQLite: what must not be lost. Calls are synchronous; those that change something
 * must run inside `write`.
 */
export class Truth {
  readonly vectors: StoredVectors
  readonly matching: MatchingRows
  readonly #database: DatabaseSync
  readonly #statements: Statements
  #lastVersion = 0
  /** Counting 100,000 records takes milliseconds, and every search asks. */
  #count = 0

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = new Statements(database)
    this.vectors = new StoredVectors(this.#statements)
    this.matching = new MatchingRows(this.#statements)
    this.#readCounters()
    database.function(holdsFunction, { varargs: false }, (row, condition) => {
      const record = toRecord(
        this.#one(`SELECT ${recordColumns} FROM images WHERE row = ?`, [row as number]),
      )
      const filter: Filter = { must: [JSON.parse(condition as string) as Condition] }
      return Number(matches(filter, filterDocument(record)))
    })
  }

  /** Runs `work` in one transaction: all of it is durable, or none of it happened. */
  write<T>(work: () => T): T {
    try {
      return transaction(this.#database, work)
    } catch (error) {
      this.#readCounters()
      throw error
    }
  }

  /** Something about the library that is neither record nor setting; null takes it away. */
  note(key: string, value: string | null): void {
    if (value === null) this.#statements.run('DELETE FROM library WHERE key = ?', [key])
    else this.#statements.run('INSERT OR REPLACE INTO library VALUES (?, ?)', [key, value])
  }

  noted(key: string): string | null {
    const found = this.#statements.first('SELECT value FROM library WHERE key = ?', [key])
    return found ? String(found['value']) : null
  }

  /** The sequence number of the last change of any vector. */
  get lastVersion(): number {
    return this.#lastVersion
  }

  /** Returns what the vector index must hold for the record now. */
  put(record: VectorRecord): Versioned {
    // Counted on for ever: a record that is deleted and comes back must not meet its old number.
    const version = ++this.#lastVersion
    this.#run(`INSERT OR REPLACE INTO library VALUES ('version', ?)`, [version])
    if (!this.#removeFacts(record.id)) this.#count++
    const { file } = record
    const row = this.#one(
      `INSERT INTO images (id, image_uri, description, metadata, sha256, format, width, height,
         bytes, missing, phash, embedder, described_by, indexed_at, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET image_uri = excluded.image_uri,
         description = excluded.description, metadata = excluded.metadata,
         sha256 = excluded.sha256, format = excluded.format, width = excluded.width,
         height = excluded.height, bytes = excluded.bytes, missing = excluded.missing,
         phash = excluded.phash,
         embedder = excluded.embedder, described_by = excluded.described_by,
         indexed_at = excluded.indexed_at, version = excluded.version
       RETURNING row`,
      [
        record.id,
        record.imageUri,
        record.description,
        JSON.stringify(record.metadata),
        file?.sha256 ?? null,
        file?.format ?? null,
        file?.width ?? null,
        file?.height ?? null,
        file?.bytes ?? null,
        file?.missing ? 1 : null,
        file?.phash ?? null,
        record.embedderId,
        record.describedBy ?? null,
        record.indexedAt,
        version,
      ],
    )['row'] as number
    this.#run('INSERT OR REPLACE INTO vectors VALUES (?, ?)', [row, toBlob(record.vector)])
    this.#addFacts(row, record)
    return { row, version }
  }

  setMetadata(id: string, metadata: Metadata): boolean {
    const found = this.#removeFacts(id)
    if (!found) return false
    this.#run('UPDATE images SET metadata = ? WHERE id = ?', [JSON.stringify(metadata), id])
    this.#addFacts(found.row, { ...found.record, metadata })
    return true
  }

  /** Returns the row that the record had, or null when there was none. */
  delete(id: string): number | null {
    const found = this.#removeFacts(id)
    if (!found) return null
    this.#run('DELETE FROM vectors WHERE row = ?', [found.row])
    this.#run('DELETE FROM images WHERE row = ?', [found.row])
    this.#count--
    return found.row
  }

  /** Those that exist, in no particular order. */
  get(ids: string[]): ImageRecord[] {
    const sql = `SELECT ${recordColumns} FROM images WHERE id IN (SELECT value FROM json_each(?))`
    return this.#all(sql, [JSON.stringify(ids)]).map(toRecord)
  }

  /** The same with vectors, which are most of what there is to read. */
  getWithVectors(ids: string[]): VectorRecord[] {
    const rows = this.#all(
      `SELECT ${recordColumns}, vector FROM images JOIN vectors USING (row)
       WHERE images.id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    )
    return rows.map(toVectorRecord)
  }

  /** All there is to know of those of the rows that exist still, in no particular order. */
  entries(rows: number[]): (IndexEntry & { record: ImageRecord })[] {
    return this.#all(
      `SELECT row, ${recordColumns}, vector FROM images JOIN vectors USING (row)
       WHERE row IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(rows)],
    ).map((found) => ({
      row: found['row'] as number,
      version: found['version'] as number,
      vector: toVector(found['vector'] as Uint8Array),
      record: toRecord(found),
    }))
  }

  atRows(rows: number[]): Map<number, ImageRecord> {
    const found = this.#all(
      `SELECT row, ${recordColumns} FROM images WHERE row IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(rows)],
    )
    return new Map(found.map((each) => [each['row'] as number, toRecord(each)]))
  }

  findByContentHash(hashes: string[]): ImageRecord[] {
    return this.#all(
      `SELECT ${recordColumns} FROM images WHERE sha256 IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(hashes)],
    ).map(toRecord)
  }

  /** Newest first; a cursor is the row that the page before ended with. */
  list({ filter, limit, cursor }: PageRequest): Page {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(cursor)
    const rows = this.matching.lastBefore(before, filter, limit + 1)
    const page = rows.slice(0, limit)
    const records = this.atRows(page)
    return {
      records: page.map((row) => records.get(row)!),
      nextCursor: rows.length > limit ? String(page.at(-1)) : null,
    }
  }

  count(filter?: Filter): number {
    return filter ? this.matching.count(filter) : this.#count
  }

  facets(key: string, limit: number, filter?: Filter): FacetCount[] {
    const fact = factKey(parseKeyPath(key))
    if (fact === null || Object.hasOwn(columnKeys, fact))
      return this.#countedFacets(key, limit, filter)
    const passing = filter && this.matching.select(filter)
    return this.#all(
      `SELECT kind, value, count(*) AS n FROM facts
       WHERE key = ? AND kind IN ('boolean', 'number', 'string') ${passing ? `AND row IN (${passing.sql})` : ''}
       GROUP BY kind, value ORDER BY n DESC, CAST(value AS TEXT) LIMIT ?`,
      [fact, ...(passing?.params ?? []), limit],
    ).map(({ kind, value, n }) => ({
      value: kind === 'boolean' ? value === 1 : (value as string | number),
      count: n as number,
    }))
  }

  #addFacts(row: number, record: ImageRecord): void {
    for (const { key, kind, value } of factsOf(record)) {
      this.#run('INSERT OR IGNORE INTO facts VALUES (?, ?, ?, ?)', [key, kind, value, row])
    }
  }

  /** By the facts themselves, which are the table's key; an index by row would double its size. */
  #removeFacts(id: string): { row: number; record: ImageRecord } | undefined {
    const [found] = this.#all(`SELECT images.row, ${recordColumns} FROM images WHERE id = ?`, [id])
    if (!found) return undefined
    const row = found['row'] as number
    const record = toRecord(found)
    for (const { key, kind, value } of factsOf(record)) {
      this.#run('DELETE FROM facts WHERE key = ? AND kind = ? AND value = ? AND row = ?', [
        key,
        kind,
        value,
        row,
      ])
    }
    return { row, record }
  }

  #countedFacets(key: string, limit: number, filter?: Filter): FacetCount[] {
    const passing = this.matching.select(filter ?? {})
    const counter = new FacetCounter(key)
    for (const row of this.#all(
      `SELECT ${recordColumns} FROM images WHERE row IN (${passing.sql})`,
      passing.params,
    )) {
      counter.add(filterDocument(toRecord(row)))
    }
    return counter.top(limit)
  }

  #readCounters(): void {
    this.#lastVersion = Number(this.noted('version') ?? 0)
    this.#count = this.#one('SELECT count(*) AS n FROM images', [])['n'] as number
  }

  #all(sql: string, params: SQLInputValue[]): RecordRow[] {
    return this.#statements.all(sql, params)
  }

  /** For statements that always have a row to answer with. */
  #one(sql: string, params: SQLInputValue[]): RecordRow {
    return this.#statements.first(sql, params)!
  }

  #run(sql: string, params: SQLInputValue[]): void {
    this.#statements.run(sql, params)
  }
}

function toBlob(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
}

function readCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new LookalikeError(
    'invalid_parameter',
    'cursor: is none that this library gave out. Use next_cursor of the page before, or start without one.',
  )
}
