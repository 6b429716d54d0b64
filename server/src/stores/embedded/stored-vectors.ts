import type { Filter } from '../filter.ts'
import { and } from './filter-sql.ts'
import { toVector, type RecordRow } from './rows.ts'
import type { Statements } from './statements.ts'

/** A record's place in the vector index: the truth's sequence number of its vector. */
export interface Versioned {
  readonly id: string
  readonly version: number
}

/** The same with the number under which SQLite keeps the record. */
export interface Placed extends Versioned {
  readonly row: number
}

export interface StoredVector {
  readonly row: number
  readonly vector: Float32Array
}

/** The vectors of the truth, as exact searches and the vector index read them. Calls are synchronous. */
export class StoredVectors {
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  /** The highest row there is; later records get higher ones. */
  lastRow(): number {
    return Number(this.#statements.first('SELECT max(row) AS row FROM images')?.['row'] ?? 0)
  }

  /** The rows of records that pass the filter, ascending. */
  rows(filter: Filter): number[] {
    const where = and(undefined, filter)
    const sql = `SELECT images.row FROM images WHERE ${where.sql} ORDER BY images.row`
    return this.#statements.all(sql, where.params).map(({ row }) => row as number)
  }

  /** Those of the rows that exist still, in no particular order. */
  ofRows(rows: number[]): StoredVector[] {
    const sql = 'SELECT row, vector FROM vectors WHERE row IN (SELECT value FROM json_each(?))'
    return this.#statements.all(sql, [JSON.stringify(rows)]).map(toStored)
  }

  /** The next `count` by row, from behind `row` on. */
  after(row: number, count: number): StoredVector[] {
    const sql = 'SELECT row, vector FROM vectors WHERE row > ? ORDER BY row LIMIT ?'
    return this.#statements.all(sql, [row, count]).map(toStored)
  }

  /** What the index must hold for those of the rows that exist still. */
  entries(rows: number[]): (Versioned & { vector: Float32Array })[] {
    const sql = `SELECT id, version, vector FROM images JOIN vectors USING (row)
      WHERE images.row IN (SELECT value FROM json_each(?))`
    return this.#statements.all(sql, [JSON.stringify(rows)]).map(({ id, version, vector }) => ({
      id: id as string,
      version: version as number,
      vector: toVector(vector as Uint8Array),
    }))
  }

  /** Where those of the ids that exist are, in no particular order. */
  places(ids: string[]): Placed[] {
    const sql = 'SELECT row, id, version FROM images WHERE id IN (SELECT value FROM json_each(?))'
    return this.#statements.all(sql, [JSON.stringify(ids)]) as unknown as Placed[]
  }

  /** The next `count` by row, from behind `row` on. */
  placesAfter(row: number, count: number): Placed[] {
    const sql = 'SELECT row, id, version FROM images WHERE row > ? ORDER BY row LIMIT ?'
    return this.#statements.all(sql, [row, count]) as unknown as Placed[]
  }
}

function toStored({ row, vector }: RecordRow): StoredVector {
  return { row: row as number, vector: toVector(vector as Uint8Array) }
}
