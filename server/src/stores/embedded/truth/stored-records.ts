import type { ImageRecord, VectorRecord } from '../../../records/record.ts'
import type { Row, Statements } from '../../../sqlite/statements.ts'
import type { Outline } from '../../image-store.ts'
import { columnList, fileColumnList, toFile, toRecord } from './columns.ts'
import type { StoredVectors } from './stored-vectors.ts'

/** A record, and the row that it has in every table. */
export interface RecordAtRow {
  readonly row: number
  readonly record: ImageRecord
}

const listed = 'IN (SELECT value FROM json_each(?))'

/** The records of the truth, as those read them who change nothing. Calls are synchronous. */
export class StoredRecords {
  readonly #statements: Statements
  readonly #vectors: StoredVectors

  constructor(statements: Statements, vectors: StoredVectors) {
    this.#statements = statements
    this.#vectors = vectors
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

  findByContentHash(hashes: string[]): ImageRecord[] {
    const sql = `SELECT ${columnList} FROM images WHERE sha256 ${listed}`
    return this.#statements.all(sql, [JSON.stringify(hashes)]).map(toRecord)
  }

  /** What pages of the library are made of. */
  outlinesAtRows(rows: number[]): Map<number, Outline> {
    const sql = `SELECT row, id, ${fileColumnList} FROM images WHERE row ${listed}`
    const found = this.#statements.all(sql, [JSON.stringify(rows)])
    return new Map(
      found.map((each) => [
        each['row'] as number,
        { id: each['id'] as string, file: toFile(each) },
      ]),
    )
  }

  #vectorsOf(found: Row[]): Map<number, Float32Array> {
    const stored = this.#vectors.ofRows(found.map(({ row }) => row as number))
    return new Map(stored.map(({ row, vector }) => [row, vector]))
  }
}
