import type { Filter } from '../filter.ts'
import { and } from './filter-sql.ts'
import { toVector } from './rows.ts'
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

export interface StoredVector extends Placed {
  readonly vector: Float32Array
}

/** The vectors of the truth, as exact searches and the vector index read them. Calls are synchronous. */
export class StoredVectors {
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  /** The rows of records that pass the filter, ascending. */
  rows(filter: Filter): number[] {
    const where = and(undefined, filter)
    const sql = `SELECT images.row FROM images WHERE ${where.sql} ORDER BY images.row`
    return this.#statements.all(sql, where.params).map(({ row }) => row as number)
  }

  /** Those of the rows that exist still, in no particular order. */
  ofRows(rows: number[]): StoredVector[] {
    const where = 'images.row IN (SELECT value FROM json_each(?))'
    return this.#select(where, [JSON.stringify(rows)])
  }

  ofIds(ids: string[]): StoredVector[] {
    const where = 'images.id IN (SELECT value FROM json_each(?))'
    return this.#select(where, [JSON.stringify(ids)])
  }

  /** The next `count` by row, from behind `row` on. */
  after(row: number, count: number): StoredVector[] {
    return this.#select('images.row > ? ORDER BY images.row LIMIT ?', [row, count])
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

  #select(where: string, params: (string | number)[]): StoredVector[] {
    const sql = `SELECT images.row, images.id, version, vector FROM images JOIN vectors USING (row) WHERE ${where}`
    return this.#statements.all(sql, params).map(({ row, id, version, vector }) => ({
      row: row as number,
      id: id as string,
      version: version as number,
      vector: toVector(vector as Uint8Array),
    }))
  }
}
