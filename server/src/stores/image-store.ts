import type { Filter } from './filter.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Metadata = { [key: string]: Json }

/** What is known of the file behind a record; absent for records another program wrote. */
export interface FileFacts {
  /** SHA-256 of the file's bytes, lower-case hex: the content hash. */
  readonly sha256: string
  readonly format: string
  readonly width: number
  readonly height: number
  readonly bytes: number
  /**
   * Perceptual hash, 16 hex digits; empty for a picture too plain to have one; absent where the record
   * was made without looking at the picture.
   */
  readonly phash?: string
  /** Present while only the facts are here: the record was imported, its file has not followed yet. */
  readonly missing?: true
}

export interface ImageRecord {
  /** UUID derived from `imageUri` by `recordId`. */
  readonly id: string
  readonly imageUri: string
  readonly description: string
  /** Present where the description is the words of whoever indexed the picture, not the embedder's. */
  readonly describedBy?: 'caller'
  readonly metadata: Metadata
  readonly file: FileFacts | null
  readonly embedderId: string | null
  /** ISO 8601, UTC, with milliseconds. */
  readonly indexedAt: string | null
}

/** A record with its vector: unit length, the store's dimensions. */
export interface VectorRecord extends ImageRecord {
  readonly vector: Float32Array
}

export interface VectorQuery {
  /** Unit length, the store's dimensions. */
  readonly vector: Float32Array
  readonly limit: number
  readonly offset?: number
  /** Hits score at least this; absent means no cut. */
  readonly scoreThreshold?: number
  readonly filter?: Filter
}

export interface Hit {
  readonly record: ImageRecord
  /** Cosine similarity, -1 to 1. */
  readonly score: number
}

export interface PageRequest {
  readonly filter?: Filter
  readonly limit: number
  /** `nextCursor` of the page before. A string that is none is an `invalid_parameter`. */
  readonly cursor?: string
}

export interface Page {
  readonly records: ImageRecord[]
  readonly nextCursor: string | null
}

export interface FacetCount {
  readonly value: string | number | boolean
  readonly count: number
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'unavailable'
  /** What is the matter and what to do; what is fine, when it is. */
  readonly detail: string
}

/** A consistent copy of a library, to be put in its place when it is lost. */
export interface Snapshot {
  /** Where it lies, relative to DATA_DIR. */
  readonly file: string
  readonly images: number
  readonly bytes: number
}

/** What a store is opened for: it refuses a library another embedder made (`embedder_mismatch`). */
export interface Library {
  readonly embedderId: string
  readonly dimensions: number
}

/**
 * Keeps records and finds the nearest vectors. One suite, `contract.ts`, holds every driver to this.
 *
 * Filters see the document that `filterDocument` makes of a record. Errors are `LookalikeError`s:
 * `store_unavailable` when the engine cannot be reached, `storage_full` when it cannot grow.
 */
export interface ImageStore {
  /** Present where other processes may write to the same library while this one has it open. */
  readonly shared?: true
  /** Resolved means durable and visible to every later call. A record with the same id is replaced. */
  upsert(records: VectorRecord[]): Promise<void>
  /** Best first; ties in no particular order. */
  search(query: VectorQuery): Promise<Hit[]>
  /** Those that exist, in the order asked for. */
  get(ids: string[]): Promise<ImageRecord[]>
  /** The same with vectors, for those who need them. */
  getWithVectors(ids: string[]): Promise<VectorRecord[]>
  findByContentHash(sha256: string[]): Promise<ImageRecord[]>
  /** In a stable order of the store's own; each record that stays is seen exactly once. */
  list(page: PageRequest): Promise<Page>
  /** Values of a key with their counts, most frequent first, at most `limit`. */
  facets(key: string, limit: number, filter?: Filter): Promise<FacetCount[]>
  count(filter?: Filter): Promise<number>
  /** Replaces the metadata; false when there is no such record. */
  setMetadata(id: string, metadata: Metadata): Promise<boolean>
  /** How many of them existed. */
  delete(ids: string[]): Promise<number>
  /** Copies the library while it is in use; absent where that is the engine's own business. */
  snapshot?(): Promise<Snapshot>
  /** Never throws. */
  health(): Promise<Health>
  close(): Promise<void>
}
