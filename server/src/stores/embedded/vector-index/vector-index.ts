import { availableParallelism } from 'node:os'
import zvec, { type ZVecCollection, type ZVecDoc, type ZVecHnswIndexParams } from '@zvec/zvec'
import type { Quantization } from '../settings.ts'
import type { TurnedVector } from '../codes/codes.ts'
import { Rotation } from '../codes/rotation.ts'
import { usual } from './breadth.ts'
import { type Encoder, encoder } from './encoding.ts'
import type { IndexEntry, Versioned } from '../truth/stored-vectors.ts'

export interface IndexShape {
  readonly dimensions: number
  readonly quantization: Quantization
}

/**
 * Says what its ids are, rows of the truth, how vectors are written, and that there is a segment before
 * the first vector. An index of another name is not used but rebuilt.
 */
const collectionName = 'codes-by-row-from-second-segment'
const vectorField = 'vector'
const versionField = 'version'
const writeBatch = 500

/** One core stays free for answering while the graph is built. */
const buildThreads = Math.max(1, availableParallelism() - 1)

/**
 * Graph degree, and breadth of the search while building: the recall and latency that these give are
 * measured by `npm run bench -- store`, and written down in docs/performance.md.
 */
const graph = { m: 24, efConstruction: 200 }

/** zvec's own quantisation would keep whole vectors beside the rounded ones. */
const dataTypes = {
  none: zvec.ZVecDataType.VECTOR_FP32,
  fp16: zvec.ZVecDataType.VECTOR_FP16,
  int8: zvec.ZVecDataType.VECTOR_INT8,
}

/** What a search of the index proposes. */
export interface Candidate {
  readonly row: number
  /** Of the cosine, as far as rounded vectors tell it: see `deviation`. */
  readonly score: number
}

/** There is nothing wrong with it, and it must be made anew. */
export class OtherShape extends Error {}

zvec.ZVecInitialize({ logLevel: zvec.ZVecLogLevel.FATAL })

/**
 * The zvec collection that answers nearest-neighbour queries. It is derived: whatever is wrong with
 * it, it can be thrown away and filled again. New vectors are compared one by one until `optimise`
 * takes them into the HNSW graph.
 */
export class VectorIndex {
  readonly #collection: ZVecCollection
  readonly #direction: Float32Array
  readonly #encoder: Encoder
  readonly #queries = new Set<Promise<unknown>>()
  /** How many candidates a search of the graph keeps. */
  breadth: number = usual
  #outsideGraph: number
  #hasGraph: boolean

  private constructor(collection: ZVecCollection, { dimensions, quantization }: IndexShape) {
    this.#collection = collection
    this.#encoder = encoder(new Rotation(dimensions), quantization)
    this.#direction = anyDirection(dimensions)
    this.#outsideGraph = this.#countOutsideGraph()
    this.#hasGraph = this.#outsideGraph < this.size
  }

  /** @throws OtherShape, or another Error when there is none or it is damaged */
  static open(folder: string, shape: IndexShape): VectorIndex {
    const collection = zvec.ZVecOpen(folder)
    try {
      const { name } = collection.schema
      const { dimension, dataType, indexParams } = collection.schema.vector(vectorField)
      const made = indexParams as ZVecHnswIndexParams
      const same =
        name === collectionName &&
        dimension === shape.dimensions &&
        dataType === dataTypes[shape.quantization] &&
        (Object.keys(graph) as (keyof typeof graph)[]).every((key) => made[key] === graph[key])
      if (!same) throw new OtherShape('The index has another shape.')
      return new VectorIndex(collection, shape)
    } catch (error) {
      collection.closeSync()
      throw error
    }
  }

  /**
   * Makes an empty one in a folder that must not exist. A segment that is optimised alone loses its
   * removed vectors but not their documents, so that each vector behind them answers for another; two
   * segments are merged rightly. So there is one that nothing is left of before the first vector comes.
   */
  static async create(folder: string, shape: IndexShape): Promise<VectorIndex> {
    const collection = zvec.ZVecCreateAndOpen(folder, schema(shape))
    const { encode } = encoder(new Rotation(shape.dimensions), shape.quantization)
    collection.insertSync({
      id: '0',
      vectors: { [vectorField]: encode(anyDirection(shape.dimensions)) },
      fields: { [versionField]: 0 },
    })
    await collection.optimize({ concurrency: 1 })
    collection.deleteSync('0')
    return new VectorIndex(collection, shape)
  }

  get size(): number {
    return this.#collection.stats.docCount
  }

  /** How many vectors are outside the graph, and compared one by one. */
  get outsideGraph(): number {
    return this.#outsideGraph
  }

  /** Whether any vector is in the graph: until then each is compared with every query. */
  get hasGraph(): boolean {
    return this.#hasGraph
  }

  /** Took 16 ms of each write to 100,000 vectors when it was asked at each. */
  #countOutsideGraph(): number {
    const { docCount, indexCompleteness } = this.#collection.stats
    return Math.round(docCount * (1 - (indexCompleteness[vectorField] ?? 0)))
  }

  put(entries: (IndexEntry & Partial<TurnedVector>)[]): void {
    for (let at = 0; at < entries.length; at += writeBatch) {
      const statuses = this.#collection.upsertSync(
        entries.slice(at, at + writeBatch).map(({ row, version, vector, turned }) => ({
          id: String(row),
          vectors: { [vectorField]: this.#encoder.encode(vector, turned) },
          fields: { [versionField]: version },
        })),
      )
      const failed = statuses.find(({ ok }) => !ok)
      if (failed) throw new Error(`The vector index refused a vector: ${failed.message}`)
    }
    this.#outsideGraph += entries.length
  }

  /** Rows that it does not hold are passed over. */
  remove(rows: number[]): void {
    for (let at = 0; at < rows.length; at += writeBatch) {
      const statuses = this.#collection.deleteSync(rows.slice(at, at + writeBatch).map(String))
      const failed = statuses.find(({ ok, code }) => !ok && code !== 'ZVEC_NOT_FOUND')
      if (failed) throw new Error(`The vector index kept a vector: ${failed.message}`)
    }
  }

  /** Standard deviation of a candidate's score from its cosine; infinite where it is not known. */
  get deviation(): number {
    return this.#encoder.deviation
  }

  /** The `count` nearest by inner product, best first, as far as the graph finds them. */
  async nearest(vector: Float32Array, count: number, breadth = this.breadth): Promise<Candidate[]> {
    const query = this.#collection.query(this.#query(vector, count, breadth))
    this.#queries.add(query)
    try {
      const { unit } = this.#encoder
      return (await query).map(({ id, score }) => ({ row: Number(id), score: unit * score }))
    } finally {
      this.#queries.delete(query)
    }
  }

  /** Whether it is answering: it cannot be closed until then. */
  get isAsked(): boolean {
    return this.#queries.size > 0
  }

  /** Resolves when the questions of this moment are answered. */
  async answered(): Promise<void> {
    await Promise.allSettled(this.#queries)
  }

  /** Asks it for the first time: what is damaged beyond its headers shows itself then, and what it needs is read. */
  async prove(): Promise<void> {
    await this.nearest(this.#direction, 1)
  }

  /** Everything it holds. The collection cannot be optimised nor closed until the walk is over. */
  *entries(): Generator<Versioned> {
    const documents = this.#collection.iterDocsSync({
      outputFields: [versionField],
      includeVector: false,
    })
    for (const document of documents) yield toVersioned(document)
  }

  /** Takes every vector into the graph, on threads of its own; reads and writes go on meanwhile. */
  async optimise(): Promise<void> {
    this.#hasGraph = true
    await this.#collection.optimize({ concurrency: buildThreads })
    this.#outsideGraph = this.#countOutsideGraph()
  }

  close(): void {
    this.#collection.closeSync()
  }

  #query(vector: Float32Array, count: number, breadth: number) {
    return {
      fieldName: vectorField,
      vector: this.#encoder.encode(vector),
      topk: count,
      // Reading what it keeps beside vectors takes as long as a tenth of the search.
      outputFields: [],
      params: { indexType: zvec.ZVecIndexType.HNSW, ef: Math.max(breadth, count) },
    }
  }
}

function toVersioned({ id, fields }: Pick<ZVecDoc, 'id' | 'fields'>): Versioned {
  return { row: Number(id), version: fields[versionField] as number }
}

function anyDirection(dimensions: number): Float32Array {
  return new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions))
}

function schema({ dimensions, quantization }: IndexShape) {
  return new zvec.ZVecCollectionSchema({
    name: collectionName,
    vectors: {
      name: vectorField,
      dataType: dataTypes[quantization],
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
