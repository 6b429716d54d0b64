import type { ImageRecord, VectorRecord } from '../../../records/record.ts'
import { setImmediate } from 'node:timers/promises'
import type { Row, Statements } from '../../../sqlite/statements.ts'
import type { Outline, OutlinePage, Page, PageRequest } from '../../image-store.ts'
import { batches } from '../../batches.ts'
import type { MatchingRows } from '../filter/matching-rows.ts'
import { columnList, fileColumnList, toFile, toRecord } from './columns.ts'
import type { IndexEntry, StoredVectors } from './stored-vectors.ts'
import { Walk } from './walk.ts'

/** A record, and the row that it has in every table. */
export interface RecordAtRow {
  readonly row: number
  readonly record: ImageRecord
}

/** Read before other work gets its turn: a few milliseconds. */
const outlinedAtOnce = 1_000

const listed = 'IN (SELECT value FROM json_each(?))'

/** The records of the truth, as those read them who change nothing. Calls are synchronous. */
export class StoredRecords {
  readonly #statements: Statements
  readonly #vectors: StoredVectors
  readonly #walk: Walk

  constructor(statements: Statements, matching: MatchingRows, vectors: StoredVectors) {
    this.#statements = statements
    this.#vectors = vectors
    this.#walk = new Walk(statements, matching)
  }

  /** Those that exist, in no particular order. */
  get(ids: string[]): ImageRecord[] {
    const sql = `SELECT ${columnList} FROM images WHERE id ${listed}`
    return this.#statements.all(sql, [JSON.stringify(ids)]).map(toRecord)
  }

  /** The same with vectors, which are most of what there is to read. */
  getWithVectors(ids: string[]): VectorRecord[] {
    const sql = `SELECT row, ${columnList} FROM images WHERE id ${listed}`
    const found = this.#statements.all(sql, [JSON.stringify(ids)])
    const vectors = this.#vectorsOf(found)
    return found.flatMap((each) => {
      const vector = vectors.get(each['row'] as number)
      return vector ? [{ ...toRecord(each), vector }] : []
    })
  }

  find(id: string): RecordAtRow | undefined {
    const found = this.#statements.first(`SELECT row, ${columnList} FROM images WHERE id = ?`, [id])
    return found && { row: found['row'] as number, record: toRecord(found) }
  }

  /** Of a row that there is. */
  atRow(row: number): ImageRecord {
    return toRecord(this.#statements.one(`SELECT ${columnList} FROM images WHERE row = ?`, [row]))
  }

  /** Those of the rows that exist still. */
  atRows(rows: number[]): Map<number, ImageRecord> {
    const sql = `SELECT row, ${columnList} FROM images WHERE row ${listed}`
    const found = this.#statements.all(sql, [JSON.stringify(rows)])
    return new Map(found.map((each) => [each['row'] as number, toRecord(each)]))
  }

  /** All there is to know of those of the rows that exist still, in no particular order. */
  entries(rows: number[]): (IndexEntry & RecordAtRow)[] {
    const sql = `SELECT row, ${columnList}, version FROM images WHERE row ${listed}`
    const found = this.#statements.all(sql, [JSON.stringify(rows)])
    const vectors = this.#vectorsOf(found)
    return found.flatMap((each) => {
      const row = each['row'] as number
      const vector = vectors.get(row)
      return vector ? [{ row, version: each['version'] as number, vector, record: toRecord(each) }] : [] // prettier-ignore
    })
  }

  findByContentHash(hashes: string[]): ImageRecord[] {
    const sql = `SELECT ${columnList} FROM images WHERE sha256 ${listed}`
    return this.#statements.all(sql, [JSON.stringify(hashes)]).map(toRecord)
  }

  /** Last come first, where no order is asked for. */
  list(request: PageRequest): Page {
    const { rows, nextCursor } = this.#walk.page(request)
    const records = this.atRows(rows)
    return { records: rows.flatMap((row) => records.get(row) ?? []), nextCursor }
  }

  async outline(request: PageRequest): Promise<OutlinePage> {
    const { rows, nextCursor } = this.#walk.page(request)
    const found = new Map<number, Outline>()
    for (const some of batches(rows, outlinedAtOnce)) {
      for (const [row, outline] of this.#outlines(some)) found.set(row, outline)
      await setImmediate()
    }
    return { outlines: rows.flatMap((row) => found.get(row) ?? []), nextCursor }
  }

  #vectorsOf(found: Row[]): Map<number, Float32Array> {
    const stored = this.#vectors.ofRows(found.map(({ row }) => row as number))
    return new Map(stored.map(({ row, vector }) => [row, vector]))
  }

  #outlines(rows: number[]): [number, Outline][] {
    const sql = `SELECT row, id, ${fileColumnList} FROM images WHERE row ${listed}`
    return this.#statements
      .all(sql, [JSON.stringify(rows)])
      .map((found) => [found['row'] as number, { id: found['id'] as string, file: toFile(found) }])
  }
}
