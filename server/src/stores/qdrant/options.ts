import type { QdrantClient, Schemas } from '@qdrant/js-client-rest'
import { wordsKey } from './points/payload.ts'

export type QdrantApi = ReturnType<QdrantClient['api']>
export type IndexType = 'keyword' | 'integer' | 'float' | 'bool'
/** Of Lookalike's own fields, one is a time, and one is words. */
export type OwnIndex = IndexType | 'datetime' | Schemas['TextIndexParams']

export interface QdrantStoreOptions {
  /** Where Qdrant's REST interface answers; a path in it is kept before every request's own. */
  readonly url: string
  readonly apiKey?: string
  readonly collection: string
  /** Where there is an alias of this name, the collection it stands for is used instead. */
  readonly alias?: string
  /** Which vector of the points is the library's; null or absent: the unnamed one, or the only one that fits. */
  readonly vectorName?: string | null
  /** Most a read may take, all its attempts together. A search answers or fails within it. */
  readonly readTimeoutMs?: number
  /** The same for one batch of writes, and for a walk over the whole collection. */
  readonly writeTimeoutMs?: number
  /** How often a graph that is to be rebuilt is looked at, in the background. */
  readonly upkeepMs?: number
  readonly settings?: Partial<CollectionSettings>
}

export type ReadConsistency = number | 'majority' | 'quorum' | 'all'

/**
 * How the engine works. What shapes a collection counts when this store creates it and never alters
 * one that exists; `searchEf`, `oversampling` and `readConsistency` go with each search.
 */
export interface CollectionSettings {
  /** Null: one, or in a cluster as many as it has nodes. Cannot change later without resharding. */
  readonly shardNumber: number | null
  /** Copies of each shard; 2 or more lets a node go without taking images along. */
  readonly replicationFactor: number
  /** Copies that must hold a write before it is acknowledged. */
  readonly writeConsistencyFactor: number
  /** Copies a read compares; more than 1 makes up for a `writeConsistencyFactor` below all. */
  readonly readConsistency: ReadConsistency
  /** Keeps full vectors on disk, read as needed; for libraries larger than memory. */
  readonly onDisk: boolean
  readonly hnsw: { readonly m: number; readonly efConstruct: number }
  /** Candidates HNSW looks at in a search; null: Qdrant's own choice. */
  readonly searchEf: number | null
  /**
   * Compressed vectors, held in memory, that searches walk through: `scalar` takes a quarter of
   * `none`, `binary` a thirty-second and suits embeddings of 1024 dimensions and more. What they
   * find is scored again with the full vectors.
   */
  readonly quantization: 'none' | 'scalar' | 'binary'
  /** How many times `limit` a quantized search takes along to score again. */
  readonly oversampling: number
  /**
   * The types of the indexes of these metadata keys, which are never changed: filters and facets see values
   * of that type only. Other keys get theirs from their values.
   */
  readonly indexes: { readonly [key: string]: IndexType }
}

/** Qdrant's own defaults where it has them, for its makers tune them; exact vectors in memory. */
export const defaultSettings: CollectionSettings = {
  shardNumber: null,
  replicationFactor: 1,
  writeConsistencyFactor: 1,
  readConsistency: 1,
  onDisk: false,
  hnsw: { m: 16, efConstruct: 100 },
  searchEf: null,
  quantization: 'none',
  oversampling: 2,
  indexes: {},
}

/** When a picture was indexed, which lists can be in the order of. */
export const timeKey = 'lookalike.indexed_at'

/** What duplicates are looked up by, and lists are ordered by; without an index that would read the whole collection. */
export const ownIndexes: { [key: string]: OwnIndex } = {
  'lookalike.sha256': 'keyword',
  'lookalike.phash_bands': 'keyword',
  [timeKey]: 'datetime',
  // Terms come folded; a longer one is found by so much of it. What is asked for once in a while need not be in memory.
  [wordsKey]: { type: 'text', tokenizer: 'prefix', min_token_len: 1, max_token_len: 20, lowercase: false, on_disk: true },
} // prettier-ignore

/** The body of a request that creates a collection of vectors compared by cosine. */
export function collectionToCreate(
  settings: CollectionSettings,
  dimensions: number,
  vectorName: string | null,
): Schemas['CreateCollection'] {
  // Newer servers call this `memory: cold`; the older name works from the oldest supported one on.
  const vector = { size: dimensions, distance: 'Cosine', on_disk: settings.onDisk } as const
  return {
    vectors: vectorName === null ? vector : { [vectorName]: vector },
    ...(settings.shardNumber !== null && { shard_number: settings.shardNumber }),
    replication_factor: settings.replicationFactor,
    write_consistency_factor: settings.writeConsistencyFactor,
    hnsw_config: { m: settings.hnsw.m, ef_construct: settings.hnsw.efConstruct },
    // Qdrant Cloud's strict mode refuses filters by keys without an index; metadata may have any key.
    strict_mode_config: { unindexed_filtering_retrieve: true },
    ...quantizationToCreate(settings.quantization),
  }
}

function quantizationToCreate(kind: CollectionSettings['quantization']) {
  if (kind === 'scalar') {
    // A few outliers would coarsen every other value: 0.99 leaves them outside the range.
    const scalar = { type: 'int8', quantile: 0.99, always_ram: true } as const
    return { quantization_config: { scalar } }
  }
  return kind === 'binary' ? { quantization_config: { binary: { always_ram: true } } } : {}
}

/**
 * @param isQuantized whether the collection is, whatever the settings say
 * @param isLinked whether the graph's own links carry the search; where not, ACORN steps over what a filter
 *   leaves out, in the words of https://qdrant.tech/documentation/search/search/#acorn-search-algorithm.
 *   Its default would leave out filters that pass more than 40 %, and such without an index for an estimate.
 */
export function searchParams(
  settings: CollectionSettings,
  isQuantized: boolean,
  isLinked: boolean,
): Schemas['SearchParams'] {
  return {
    ...(settings.searchEf !== null && { hnsw_ef: settings.searchEf }),
    ...(isQuantized && { quantization: { rescore: true, oversampling: settings.oversampling } }),
    ...(!isLinked && { acorn: { enable: true, max_selectivity: 1 } }),
  }
}
