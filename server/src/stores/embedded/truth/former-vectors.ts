import type { Statements } from '../../../sqlite/statements.ts'
import { toVector } from './columns.ts'
import type { StoredVector } from './vector-blocks.ts'

/** Where versions before 9 kept vectors: a row for each. It is emptied while the library is in use, and then it goes. */
export class FormerVectors {
  readonly #statements: Statements

  private constructor(statements: Statements) {
    this.#statements = statements
  }

  /** Undefined where there are none, or none any more. */
  static of(statements: Statements): FormerVectors | undefined {
    const sql = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'vectors'`
    return statements.first(sql) && new FormerVectors(statements)
  }

  ofRows(rows: number[]): StoredVector[] {
    const sql = 'SELECT row, vector FROM vectors WHERE row IN (SELECT value FROM json_each(?))'
    return this.#statements.all(sql, [JSON.stringify(rows)]).map(toStored)
  }

  /** The next `count` by row, from behind `row` on. */
  after(row: number, count: number): StoredVector[] {
    const sql = 'SELECT row, vector FROM vectors WHERE row > ? ORDER BY row LIMIT ?'
    return this.#statements.all(sql, [row, count]).map(toStored)
  }

  remove(row: number): void {
    this.#statements.run('DELETE FROM vectors WHERE row = ?', [row])
  }

  removeThrough(row: number): void {
    this.#statements.run('DELETE FROM vectors WHERE row <= ?', [row])
  }

  /** The table itself, which must be empty. */
  drop(): void {
    this.#statements.run('DROP TABLE vectors')
  }
}

function toStored({ row, vector }: { row?: unknown; vector?: unknown }): StoredVector {
  return { row: row as number, vector: toVector(vector as Uint8Array) }
}
