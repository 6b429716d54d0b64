import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import zvec, { type ZVecCollection } from '@zvec/zvec'
import type { Versioned } from './truth.ts'

const vectorField = 'vector'
const versionField = 'version'
const writeBatch = 500

zvec.ZVecInitialize({ logLevel: zvec.ZVecLogLevel.FATAL })

/**
 * The zvec collection that answers nearest-neighbour queries. It is derived: whatever is wrong with
 * it, it can be thrown away and filled again. New vectors are compared one by one until `optimise`
 * takes them into the HNSW graph.
 */
export class VectorIndex {
  readonly #collection: ZVecCollection

  private constructor(collection: ZVecCollection) {
    this.#collection = collection
  }

  /** Opens the collection in `folder`; one that cannot be opened, or does not fit, starts empty. */
  static open(folder: string, dimensions: number): VectorIndex {
    try {
      const collection = zvec.ZVecOpen(folder)
      const fits = collection.schema.vector(vectorField).dimension === dimensions
      if (fits) return new VectorIndex(collection)
      collection.closeSync()
    } catch {
      // Missing or damaged: made anew below.
    }
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(dirname(folder), { recursive: true })
    return new VectorIndex(zvec.ZVecCreateAndOpen(folder, schema(dimensions)))
  }

  get size(): number {
    return this.#collection.stats.docCount
  }

  /** Share of the vectors that the graph holds, 0 to 1. */
  get completeness(): number {
    return this.#collection.stats.indexCompleteness[vectorField] ?? 0
  }

  put(entries: (Versioned & { vector: Float32Array })[]): void {
    for (let at = 0; at < entries.length; at += writeBatch) {
      const statuses = this.#collection.upsertSync(
        entries.slice(at, at + writeBatch).map(({ id, version, vector }) => ({
          id,
          vectors: { [vectorField]: vector },
          fields: { [versionField]: version },
        })),
      )
      const failed = statuses.find(({ ok }) => !ok)
      if (failed) throw new Error(`The vector index refused a vector: ${failed.message}`)
    }
  }

  /** Ids that it does not hold are passed over. */
  remove(ids: string[]): void {
    for (let at = 0; at < ids.length; at += writeBatch) {
      this.#collection.deleteSync(ids.slice(at, at + writeBatch))
    }
  }

  /** The `count` nearest by inner product, best first, as far as the graph finds them. */
  async nearest(vector: Float32Array, count: number): Promise<Versioned[]> {
    const found = await this.#collection.query({
      fieldName: vectorField,
      vector,
      topk: count,
      outputFields: [versionField],
      params: { indexType: zvec.ZVecIndexType.HNSW, ef: Math.max(searchEf, count) },
    })
    return found.map((doc) => ({ id: doc.id, version: doc.fields[versionField] as number }))
  }

  /** Everything it holds. The collection cannot be optimised nor closed until the walk is over. */
  *entries(): Generator<Versioned> {
    const documents = this.#collection.iterDocsSync({
      outputFields: [versionField],
      includeVector: false,
    })
    for (const { id, fields } of documents) yield { id, version: fields[versionField] as number }
  }

  /** Takes every vector into the graph, on threads of its own; reads and writes go on meanwhile. */
  async optimise(): Promise<void> {
    await this.#collection.optimize()
  }

  close(): void {
    this.#collection.closeSync()
  }
}

/**
 * Graph degree, and breadth of the search while building and querying: the recall and latency that
 * these give are measured by `npm run bench -- store`.
 */
const graph = { m: 24, efConstruction: 200 }
const searchEf = 128

function schema(dimensions: number) {
  return new zvec.ZVecCollectionSchema({
    name: 'vectors',
    vectors: {
      name: vectorField,
      dataType: zvec.ZVecDataType.VECTOR_FP32,
      dimension: dimensions,
      indexParams: {
        indexType: zvec.ZVecIndexType.HNSW,
        metricType: zvec.ZVecMetricType.IP,
        ...graph,
      },
    },
    fields: [{ name: versionField, dataType: zvec.ZVecDataType.INT64 }],
  })
}
