import type { Statements } from '../../../sqlite/statements.ts'
import { FormerVectors } from './former-vectors.ts'
import { type StoredVector, VectorBlocks } from './vector-blocks.ts'

/** What the vector index is compared by: a record's row in SQLite, and the sequence number of its vector. */
export interface Versioned {
  readonly row: number
  readonly version: number
}

/** An entry of the vector index. */
export type IndexEntry = Versioned & StoredVector

const sampleRounds = 4

/** The vectors of the truth, as exact searches and the vector index read them. Calls are synchronous. */
export class StoredVectors {
  readonly #statements: Statements
  readonly #blocks: VectorBlocks
  #former: FormerVectors | undefined

  /** Of a file that knows its number of dimensions. */
  constructor(statements: Statements) {
    this.#statements = statements
    const made = statements.one(`SELECT value FROM library WHERE key = 'dimensions'`)
    this.#blocks = new VectorBlocks(statements, Number(made['value']))
    this.#former = FormerVectors.of(statements)
  }

  /** Whether some lie as they did before version 9. */
  get hasFormer(): boolean {
    return this.#former !== undefined
  }

  /** The highest row there is; later records get higher ones. */
  lastRow(): number {
    return Number(this.#statements.first('SELECT max(row) AS row FROM images')?.['row'] ?? 0)
  }

  /** Those of the rows that exist still, in no particular order. */
  ofRows(rows: number[]): StoredVector[] {
    const found = this.#blocks.ofRows(rows)
    return this.#former ? [...found, ...this.#former.ofRows(rows)] : found
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
    const sql = 'SELECT row FROM images ORDER BY random() LIMIT ?'
    const rows = this.#statements.all(sql, [count]).map(({ row }) => row as number)
    return this.ofRows(rows).map(({ vector }) => vector)
  }

  /** The next by row, from behind `row` on: about `count`, and none only where there are none. */
  after(row: number, count: number): StoredVector[] {
    const blocks = this.#blocks.after(row, count)
    const former = this.#former?.after(row, count) ?? []
    if (former.length === 0) return blocks
    // Behind the end of a list that was cut, the other would leave rows out.
    const lists = [blocks, former].filter((list) => list.length >= count)
    const end = Math.min(...lists.map((list) => list.at(-1)!.row))
    const both = [...blocks, ...former].filter((each) => each.row <= end)
    return both.sort((a, b) => a.row - b.row)
  }

  /** The same as the index holds it. */
  entriesAfter(row: number, count: number): IndexEntry[] {
    for (let stored = this.after(row, count); stored.length > 0;) {
      const versions = this.#versionsOf(stored)
      const entries = stored.flatMap((each) => {
        const version = versions.get(each.row)
        return version === undefined ? [] : [{ ...each, version }]
      })
      if (entries.length > 0) return entries
      stored = this.after(stored.at(-1)!.row, count)
    }
    return []
  }

  versions(rows: number[]): Versioned[] {
    const sql = 'SELECT row, version FROM images WHERE row IN (SELECT value FROM json_each(?))'
    return this.#statements.all(sql, [JSON.stringify(rows)]) as unknown as Versioned[]
  }

  /** Rows whose vectors were put behind a version. */
  rowsSince(version: number): number[] {
    const sql = 'SELECT row FROM images WHERE version > ?'
    return this.#statements.all(sql, [version]).map(({ row }) => row as number)
  }

  /** The next in the order of their changes, from behind a version on. */
  versionsAfter(version: number, count: number): Versioned[] {
    const sql = 'SELECT row, version FROM images WHERE version > ? ORDER BY version LIMIT ?'
    return this.#statements.all(sql, [version, count]) as unknown as Versioned[]
  }

  /** Inside a transaction, as what follows. */
  put(row: number, vector: Float32Array): void {
    this.#blocks.put(row, vector)
    this.#former?.remove(row)
  }

  remove(row: number): void {
    this.#blocks.remove(row)
    this.#former?.remove(row)
  }

  /** Puts the next `count` that lie as they did before version 9 into blocks; null when there are none left. */
  moveFormer(count: number): number | null {
    if (!this.#former) return null
    const moved = this.#former.after(0, count)
    if (moved.length === 0) {
      this.#former.drop()
      this.#former = undefined
      return null
    }
    const last = moved.at(-1)!.row
    // First removed: the pages that were theirs take the blocks, and the file does not grow.
    this.#former.removeThrough(last)
    for (const { row, vector } of moved) this.#blocks.put(row, vector)
    return last
  }

  #versionsOf(stored: StoredVector[]): Map<number, number> {
    const versions = this.versions(stored.map(({ row }) => row))
    return new Map(versions.map(({ row, version }) => [row, version]))
  }
}
