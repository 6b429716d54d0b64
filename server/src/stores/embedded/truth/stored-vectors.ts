import type { Row, Statements } from '../../../sqlite/statements.ts'
import { toVector } from './columns.ts'

/** What the vector index is compared by: a record's row in SQLite, and the sequence number of its vector. */
export interface Versioned {
  readonly row: number
  readonly version: number
}

export interface StoredVector {
  readonly row: number
  readonly vector: Float32Array
}

/** An entry of the vector index. */
export type IndexEntry = Versioned & StoredVector

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

  /** The same as the index holds it. */
  entriesAfter(row: number, count: number): IndexEntry[] {
    const sql = `SELECT row, version, vector FROM images JOIN vectors USING (row)
      WHERE row > ? ORDER BY row LIMIT ?`
    return this.#statements.all(sql, [row, count]).map((found) => ({
      ...toStored(found),
      version: found['version'] as number,
    }))
  }

  versions(rows: number[]): Versioned[] {
    const sql = 'SELECT row, version FROM images WHERE row IN (SELECT value FROM json_each(?))'
    return this.#statements.all(sql, [JSON.stringify(rows)]) as unknown as Versioned[]
  }
}

function toStored({ row, vector }: Row): StoredVector {
  return { row: row as number, vector: toVector(vector as Uint8Array) }
}
