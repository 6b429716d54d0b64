import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { LookalikeError } from '../../errors.ts'
import { FacetCounter } from '../facets.ts'
import { filterDocument, type Condition, type Filter } from '../filter.ts'
import type {
  FacetCount,
  ImageRecord,
  Metadata,
  Page,
  PageRequest,
  VectorRecord,
} from '../image-store.ts'
import { parseKeyPath } from '../key-path.ts'
import { matches } from '../matches.ts'
import { factKey, factsOf, columnKeys } from './facts.ts'
import { filterSql, holdsFunction, type SqlCondition } from './filter-sql.ts'
import { toRecord, toVector, toVectorRecord, type RecordRow } from './rows.ts'

export interface StoredVector extends Versioned {
  readonly row: number
  readonly vector: Float32Array
}

/** A record's place in the vector index: the truth's sequence number of its vector. */
export interface Versioned {
  readonly id: string
  readonly version: number
}

const recordColumns = `images.id, image_uri, description, metadata, sha256, format, width, height,
  bytes, missing, embedder, indexed_at, version`

/**
 * The records and vectors in SQLite: what must not be lost. Calls are synchronous; those that change
 * something must run inside a transaction.
 */
export class Truth {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #lastVersion: number

  constructor(database: DatabaseSync) {
    this.#database = database
    const last = this.#all(`SELECT value FROM library WHERE key = 'version'`, [])[0]
    this.#lastVersion = (last?.['value'] as number | undefined) ?? 0
    database.function(holdsFunction, { varargs: false }, (row, condition) => {
      const record = toRecord(
        this.#one(`SELECT ${recordColumns} FROM images WHERE row = ?`, [row as number]),
      )
      const filter: Filter = { must: [JSON.parse(condition as string) as Condition] }
      return Number(matches(filter, filterDocument(record)))
    })
  }

  /** Returns what the vector index must hold for the record now. */
  put(record: VectorRecord): Versioned {
    // Counted on for ever: a record that is deleted and comes back must not meet its old number.
    const version = ++this.#lastVersion
    this.#run(`INSERT OR REPLACE INTO library VALUES ('version', ?)`, [version])
    this.#removeFacts(record.id)
    const { file } = record
    const row = this.#one(
      `INSERT INTO images (id, image_uri, description, metadata, sha256, format, width, height,
         bytes, missing, embedder, indexed_at, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET image_uri = excluded.image_uri,
         description = excluded.description, metadata = excluded.metadata,
         sha256 = excluded.sha256, format = excluded.format, width = excluded.width,
         height = excluded.height, bytes = excluded.bytes, missing = excluded.missing,
         embedder = excluded.embedder, indexed_at = excluded.indexed_at, version = excluded.version
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
        record.embedderId,
        record.indexedAt,
        version,
      ],
    )['row'] as number
    this.#run('INSERT OR REPLACE INTO vectors VALUES (?, ?)', [row, toBlob(record.vector)])
    this.#addFacts(row, record)
    return { id: record.id, version }
  }

  setMetadata(id: string, metadata: Metadata): boolean {
    const found = this.#removeFacts(id)
    if (!found) return false
    this.#run('UPDATE images SET metadata = ? WHERE id = ?', [JSON.stringify(metadata), id])
    this.#addFacts(found.row, { ...found.record, metadata })
    return true
  }

  delete(id: string): boolean {
    const found = this.#removeFacts(id)
    if (!found) return false
    this.#run('DELETE FROM vectors WHERE row = ?', [found.row])
    this.#run('DELETE FROM images WHERE row = ?', [found.row])
    return true
  }

  /** Those that exist, in no particular order, with the version of their vectors. */
  get(ids: string[], filter?: Filter): { record: VectorRecord; version: number }[] {
    const where = and(
      { sql: 'images.id IN (SELECT value FROM json_each(?))', params: [JSON.stringify(ids)] },
      filter,
    )
    const rows = this.#all(
      `SELECT ${recordColumns}, vector FROM images JOIN vectors USING (row) WHERE ${where.sql}`,
      where.params,
    )
    return rows.map((row) => ({ record: toVectorRecord(row), version: row['version'] as number }))
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
    const where = and({ sql: 'images.row < ?', params: [before] }, filter)
    const rows = this.#all(
      `SELECT images.row, ${recordColumns} FROM images WHERE ${where.sql} ORDER BY images.row DESC LIMIT ?`,
      [...where.params, limit + 1],
    )
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      records: page.map(toRecord),
      nextCursor: rows.length > limit && last ? String(last['row']) : null,
    }
  }

  count(filter?: Filter): number {
    const where = and(undefined, filter)
    return this.#one(`SELECT count(*) AS n FROM images WHERE ${where.sql}`, where.params)[
      'n'
    ] as number
  }

  /** The same, but no more than `most` are counted. */
  countUpTo(most: number, filter: Filter): number {
    const where = filterSql(filter)
    return this.#one(
      `SELECT count(*) AS n FROM (SELECT 1 FROM images WHERE ${where.sql} LIMIT ?)`,
      [...where.params, most],
    )['n'] as number
  }

  facets(key: string, limit: number, filter?: Filter): FacetCount[] {
    const fact = factKey(parseKeyPath(key))
    if (fact === null || Object.hasOwn(columnKeys, fact))
      return this.#countedFacets(key, limit, filter)
    const where = and({ sql: `facts.key = ? AND kind <> 'present'`, params: [fact] }, filter)
    return this.#all(
      `SELECT kind, value, count(*) AS n FROM facts JOIN images USING (row) WHERE ${where.sql}
       GROUP BY kind, value ORDER BY n DESC, CAST(value AS TEXT) LIMIT ?`,
      [...where.params, limit],
    ).map(({ kind, value, n }) => ({
      value: kind === 'boolean' ? value === 1 : (value as string | number),
      count: n as number,
    }))
  }

  /** Vector versions by id, for comparison with the index. */
  versions(): Map<string, number> {
    const rows = this.#all('SELECT id, version FROM images', [])
    return new Map(rows.map(({ id, version }) => [id as string, version as number]))
  }

  /** The next vectors of records that pass the filter, at most `count`, by row from `after` on. */
  vectorsAfter(after: number, count: number, filter?: Filter): StoredVector[] {
    const where = and({ sql: 'images.row > ?', params: [after] }, filter)
    return this.#all(
      `SELECT images.row, images.id, version, vector FROM images JOIN vectors USING (row)
       WHERE ${where.sql} ORDER BY images.row LIMIT ?`,
      [...where.params, count],
    ).map(({ row, id, version, vector }) => ({
      row: row as number,
      id: id as string,
      version: version as number,
      vector: toVector(vector as Uint8Array),
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
    const where = and(undefined, filter)
    const counter = new FacetCounter(key)
    for (const row of this.#all(
      `SELECT ${recordColumns} FROM images WHERE ${where.sql}`,
      where.params,
    )) {
      counter.add(filterDocument(toRecord(row)))
    }
    return counter.top(limit)
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      // Filters make many shapes of SQL; the fixed ones come back at once after a clearing.
      if (this.#statements.size >= 200) this.#statements.clear()
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #all(sql: string, params: SQLInputValue[]): RecordRow[] {
    return this.#prepare(sql).all(...params)
  }

  /** For statements that always have a row to answer with. */
  #one(sql: string, params: SQLInputValue[]): RecordRow {
    return this.#prepare(sql).get(...params)!
  }

  #run(sql: string, params: SQLInputValue[]): void {
    this.#prepare(sql).run(...params)
  }
}

function and(condition: SqlCondition | undefined, filter: Filter | undefined): SqlCondition {
  const clauses = [condition, filter && filterSql(filter)].filter((clause) => clause !== undefined)
  return {
    sql: clauses.map(({ sql }) => sql).join(' AND ') || 'TRUE',
    params: clauses.flatMap(({ params }) => params),
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
