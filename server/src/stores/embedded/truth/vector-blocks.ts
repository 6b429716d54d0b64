import type { Statements } from '../../../sqlite/statements.ts'
import { toBlob, toVector } from './columns.ts'

export interface StoredVector {
  /** The number under which SQLite keeps the record. */
  readonly row: number
  readonly vector: Float32Array
}

/** A page of SQLite, and what its own bookkeeping takes of it: https://www.sqlite.org/fileformat2.html */
const page = 4096
const recordHeader = 5
const cellBytes = 9
const maxInPage = page - 35
const minInPage = Math.floor(((page - 12) * 32) / 255) - 23
const pageHeader = 8
const chained = page - 4

const maxBlockBytes = 16_384
const maxPerBlock = 31

/**
 * How many vectors lie in one block: as many as waste the least of SQLite's pages. A vector of 1,536
 * dimensions alone would take two pages of which a quarter is empty; two fill three and an eighth.
 *
 * Where a vector lies follows from it: it must never answer otherwise for any number of dimensions.
 */
export function vectorsPerBlock(dimensions: number): number {
  const vector = 4 * dimensions
  const most = Math.max(1, Math.min(maxPerBlock, Math.floor(maxBlockBytes / vector)))
  let best = 1
  for (let count = 2; count <= most; count++) {
    if (bytesOnDisk(count * vector) / count < bytesOnDisk(best * vector) / best) best = count
  }
  return best
}

/** Of a row with a blob of so many bytes: its share of a page, and pages that are chained to it. */
function bytesOnDisk(blob: number): number {
  const record = blob + recordHeader
  let inPage = record
  if (record > maxInPage) {
    inPage = minInPage + ((record - minInPage) % chained)
    if (inPage > maxInPage) inPage = minInPage
  }
  const rows = Math.floor((page - pageHeader) / (inPage + cellBytes))
  return page / rows + page * Math.ceil((record - inPage) / chained)
}

/**
 * Vectors of neighbouring rows in one blob of one length, each in the place that its row has there. A place
 * of zeros is empty: a vector has a direction. Blobs keep their length, so that SQLite writes a changed
 * one over the former, and only the pages that differ.
 */
export class VectorBlocks {
  readonly #statements: Statements
  readonly #dimensions: number
  readonly #perBlock: number
  readonly #ofRows: string

  constructor(statements: Statements, dimensions: number) {
    this.#statements = statements
    this.#dimensions = dimensions
    this.#perBlock = vectorsPerBlock(dimensions)
    const bytes = 4 * dimensions
    this.#ofRows = `SELECT value AS row, substr(vectors, 1 + value % ${this.#perBlock} * ${bytes}, ${bytes}) AS vector
      FROM json_each(?) CROSS JOIN vector_blocks ON block = value / ${this.#perBlock}`
  }

  /** Those of the rows that have one, in no particular order. */
  ofRows(rows: number[]): StoredVector[] {
    return this.#statements.all(this.#ofRows, [JSON.stringify(rows)]).flatMap((found) => {
      const vector = toVector(found['vector'] as Uint8Array)
      return isEmpty(vector) ? [] : [{ row: found['row'] as number, vector }]
    })
  }

  /** The next by row, from behind `row` on: at least `count`, where there are so many. */
  after(row: number, count: number): StoredVector[] {
    const sql = 'SELECT block, vectors FROM vector_blocks WHERE block >= ? ORDER BY block LIMIT ?'
    const found: StoredVector[] = []
    const limit = 1 + Math.ceil(count / this.#perBlock)
    for (let next = this.#blockOf(row + 1); found.length < count;) {
      const blocks = this.#statements.all(sql, [next, limit])
      for (const { block, vectors } of blocks) {
        const held = toVector(vectors as Uint8Array)
        for (let place = 0; place < this.#perBlock; place++) {
          const its = (block as number) * this.#perBlock + place
          const vector = this.#at(held, place)
          if (its > row && !isEmpty(vector)) found.push({ row: its, vector })
        }
      }
      if (blocks.length < limit) break
      next = (blocks.at(-1)!['block'] as number) + 1
    }
    return found
  }

  put(row: number, vector: Float32Array): void {
    const block = this.#blockOf(row)
    const held = this.#read(block)
    const vectors = held ?? new Float32Array(this.#perBlock * this.#dimensions)
    this.#at(vectors, row % this.#perBlock).set(vector)
    const sql = held
      ? 'UPDATE vector_blocks SET vectors = ? WHERE block = ?'
      : 'INSERT INTO vector_blocks (vectors, block) VALUES (?, ?)'
    this.#statements.run(sql, [toBlob(vectors), block])
  }

  remove(row: number): void {
    const block = this.#blockOf(row)
    const vectors = this.#read(block)
    if (!vectors) return
    this.#at(vectors, row % this.#perBlock).fill(0)
    if (isEmpty(vectors)) this.#statements.run('DELETE FROM vector_blocks WHERE block = ?', [block])
    else {
      const sql = 'UPDATE vector_blocks SET vectors = ? WHERE block = ?'
      this.#statements.run(sql, [toBlob(vectors), block])
    }
  }

  #read(block: number): Float32Array | undefined {
    const found = this.#statements.first('SELECT vectors FROM vector_blocks WHERE block = ?', [block]) // prettier-ignore
    return found && toVector(found['vectors'] as Uint8Array)
  }

  #blockOf(row: number): number {
    return Math.floor(row / this.#perBlock)
  }

  /** A view of one place. */
  #at(vectors: Float32Array, place: number): Float32Array {
    return vectors.subarray(place * this.#dimensions, (place + 1) * this.#dimensions)
  }
}

function isEmpty(vectors: Float32Array): boolean {
  return vectors.every((value) => value === 0)
}
