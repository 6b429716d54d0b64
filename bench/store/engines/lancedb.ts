import { attribute, selectivities, type FilterKey } from '../dataset.ts'
import { graph, loadRival, type Engine } from '../engine.ts'

interface LanceModule {
  connect(path: string): Promise<{ createTable(name: string, rows: object[]): Promise<Table> }>
  Index: { hnswSq(options: object): unknown; btree(): unknown }
}
interface Table {
  add(rows: object[]): Promise<unknown>
  createIndex(column: string, options: { config: unknown }): Promise<void>
  optimize(): Promise<unknown>
  query(): { nearestTo(vector: Float32Array): VectorQuery }
  close(): void
}
interface VectorQuery {
  distanceType(type: 'dot'): VectorQuery
  ef(ef: number): VectorQuery
  refineFactor(factor: number): VectorQuery
  select(columns: string[]): VectorQuery
  limit(count: number): VectorQuery
  where(predicate: string): VectorQuery
  toArray(): Promise<{ index: number }[]>
}

const attributes = Object.keys(selectivities) as FilterKey[]

/** Its HNSW with scalar quantisation, the graph it offers, refined with the full vectors. */
export async function openLancedb(folder: string): Promise<Engine> {
  const { connect, Index } = await loadRival<LanceModule>('@lancedb/lancedb')
  const connection = await connect(folder)
  let table: Table | undefined
  const search = async (vector: Float32Array, count: number, predicate?: string) => {
    let query = table!.query().nearestTo(vector).distanceType('dot').ef(graph.ef).refineFactor(2)
    if (predicate) query = query.where(predicate)
    const rows = await query.select(['index', '_distance']).limit(count).toArray()
    return rows.map(({ index }) => Number(index))
  }
  return {
    async insert(items) {
      const rows = items.map(({ index, vector }) => ({
        index,
        vector: Array.from(vector),
        ...Object.fromEntries(attributes.map((key) => [key, attribute(index, key)])),
      }))
      if (table) await table.add(rows)
      else table = await connection.createTable('items', rows)
    },
    async optimise() {
      await table!.optimize()
      const { m, efConstruction } = graph
      const options = { distanceType: 'dot', numPartitions: 1, m, efConstruction }
      await table!.createIndex('vector', { config: Index.hnswSq(options) })
      for (const key of attributes) await table!.createIndex(key, { config: Index.btree() })
    },
    search: (vector, count) => search(vector, count),
    searchFiltered: (vector, count, key) => search(vector, count, `${key} = 0`),
    close: async () => table?.close(),
  }
}
