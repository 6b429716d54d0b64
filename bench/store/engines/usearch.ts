import { join } from 'node:path'
import { graph, loadRival, type Engine } from '../engine.ts'

interface UsearchModule {
  Index: new (options: object) => UsearchIndex
}
interface UsearchIndex {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void
  search(vector: Float32Array, count: number, threads: number): { keys: BigUint64Array }
  save(path: string): void
}

/** An HNSW graph in memory: no filters, no records, on disk only when saved as a whole. */
export async function openUsearch(folder: string, dimensions: number): Promise<Engine> {
  const { Index } = await loadRival<UsearchModule>('usearch')
  const index = new Index({
    dimensions,
    metric: 'ip',
    quantization: 'f32',
    connectivity: graph.m,
    expansion_add: graph.efConstruction,
    expansion_search: graph.ef,
    multi: false,
  })
  return {
    async insert(items) {
      const keys = BigUint64Array.from(items, (item) => BigInt(item.index))
      const vectors = new Float32Array(items.length * dimensions)
      items.forEach(({ vector }, at) => vectors.set(vector, at * dimensions))
      index.add(keys, vectors, 0)
    },
    optimise: async () => {},
    search: async (vector, count) => Array.from(index.search(vector, count, 1).keys, Number),
    close: async () => index.save(join(folder, 'vectors.usearch')),
  }
}
