import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { attribute, selectivities, type FilterKey } from '../dataset.ts'
import { loadRival, type Engine } from '../engine.ts'

const attributes = Object.keys(selectivities) as FilterKey[]

/** An exact scan inside SQLite. */
export async function openSqliteVec(folder: string, dimensions: number): Promise<Engine> {
  const { getLoadablePath } = await loadRival<{ getLoadablePath(): string }>('sqlite-vec')
  const database = new DatabaseSync(join(folder, 'vectors.db'), { allowExtension: true })
  database.loadExtension(getLoadablePath())
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE VIRTUAL TABLE items USING vec0(
      vector float[${dimensions}] distance_metric=cosine,
      ${attributes.map((key) => `${key} integer`).join(', ')})`)
  const insert = database.prepare('INSERT INTO items (rowid, vector, half, twentieth, thousandth) VALUES (?, ?, ?, ?, ?)') // prettier-ignore
  const search = (vector: Float32Array, count: number, condition = '') =>
    database
      .prepare(
        `SELECT rowid FROM items WHERE vector MATCH ? AND k = ? ${condition} ORDER BY distance`,
      )
      .all(bytes(vector), count)
      .map(({ rowid }) => Number(rowid))
  return {
    async insert(items) {
      database.exec('BEGIN')
      for (const { index, vector } of items) {
        const values = attributes.map((key) => BigInt(attribute(index, key)))
        insert.run(BigInt(index), bytes(vector), ...values)
      }
      database.exec('COMMIT')
    },
    optimise: async () => {},
    search: async (vector, count) => search(vector, count),
    searchFiltered: async (vector, count, key) => search(vector, count, `AND ${key} = 0`),
    close: async () => database.close(),
  }
}

function bytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
}
