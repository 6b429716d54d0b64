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

const sampleRounds = 4

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

  /** Those of `count` rows drawn at random, of all where there are no more; in no particular order. */
  sample(count: number): Float32Array[] {
    const last = this.lastRow()
    const drawn = new Map<number, Float32Array>()
    if (last > 2 * count) {
      // Rows that are gone are drawn in vain: where most are, SQLite shuffles those that stay.
      for (let round = 0; round < sampleRounds && drawn.size < count; round++) {
        const rows = Array.from({ length: 2 * count }, () => 1 + Math.floor(Math.random() * last))
        for (const { row, vector } of this.ofRows(rows)) drawn.set(row, vector)
      }
    }
    if (drawn.size >= count) return [...drawn.values()].slice(0, count)
    const sql = 'SELECT row FROM vectors ORDER BY random() LIMIT ?'
    const rows = this.#statements.all(sql, [count]).map(({ row }) => row as number)
    return this.ofRows(rows).map(({ vector }) => vector)
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
