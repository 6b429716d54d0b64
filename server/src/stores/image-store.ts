import type { FacetCount } from '../records/facets.ts'
import type { Filter } from '../records/filter.ts'
import type { ImageRecord, Metadata, VectorRecord } from '../records/record.ts'

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
  /** Cosine similarity, -1 to 1; exactly 1 for the vector itself. */
  readonly score: number
}

export interface PageRequest {
  readonly filter?: Filter
  /** By when they were indexed, those of unknown time last; absent: in an order of the store's own. */
  readonly order?: 'newest' | 'oldest'
  readonly limit: number
  /** `nextCursor` of the page before. A string that is none is an `invalid_parameter`. */
  readonly cursor?: string
}

export interface Page {
  readonly records: ImageRecord[]
  readonly nextCursor: string | null
}

/** What a page of pictures is laid out by, before any of them is looked at closely. */
export type Outline = Pick<ImageRecord, 'id' | 'file'>

export interface OutlinePage {
  readonly outlines: Outline[]
  readonly nextCursor: string | null
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'unavailable'
  /** What is the matter and what to do; what is fine, when it is. */
  readonly detail: string
  /** Whether it works in the background, on an index for example; absent where it never does. */
  readonly busy?: boolean
}

/** A consistent copy of a library, to be put in its place when it is lost. */
export interface Snapshot {
  /** Where it lies, relative to DATA_DIR; in another server its address, or several with spaces between. */
  readonly file: string
  readonly images: number
  readonly bytes: number
}

/** What a store is opened for: it refuses a library another embedder made (`embedder_mismatch`). */
export interface Library {
  readonly embedderId: string
  readonly dimensions: number
}

/** How the reads of an answer went; a store fills in what is to be said of it. */
export interface AnswerNotes {
  /** `approximate` once any search went by an index, which may miss a neighbour; absent where none had to be made. */
  engine?: 'exact' | 'approximate'
  /** What carried a search in an engine of its own: the graph with its links, or `acorn`, which steps over what a filter leaves out. */
  walk?: 'graph' | 'acorn'
  /** Present where a node is gone and copies could not be compared: the newest images may be missing. */
  coverage?: 'one_copy'
}

export type AnswerReads = Pick<
  ImageStore,
  'search' | 'get' | 'getWithVectors' | 'findByContentHash' | 'list' | 'outline'
>

/**
 * Keeps records and finds the nearest vectors. One suite holds every driver to this: `server/test/conformance/stores`.
 *
 * Filters see the document that `filterDocument` makes of a record, and of its words what `termsOf` makes of that. Errors are `LookalikeError`s:
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
  /** The same with vectors. */
  getWithVectors(ids: string[]): Promise<VectorRecord[]>
  findByContentHash(sha256: string[]): Promise<ImageRecord[]>
  /** Vectors of that many records, drawn at random each time; of all where there are no more. */
  sample(count: number): Promise<Float32Array[]>
  /**
   * In a stable order; each record that stays is seen exactly once. A page may hold fewer than its limit, or
   * none, and not be the last: `nextCursor` tells.
   */
  list(page: PageRequest): Promise<Page>
  /** The same of so little of each record that thousands are one page. */
  outline(page: PageRequest): Promise<OutlinePage>
  /** Values of a key with their counts, most frequent first, at most `limit`. */
  facets(key: string, limit: number, filter?: Filter): Promise<FacetCount[]>
  count(filter?: Filter): Promise<number>
  /** Replaces the metadata; false when there is no such record. */
  setMetadata(id: string, metadata: Metadata): Promise<boolean>
  /** How many of them existed. */
  delete(ids: string[]): Promise<number>
  /**
   * The same reads for an answer that nothing is written from, with notes of how they went. Where that is a choice,
   * they may lack the newest writes rather than fail.
   */
  forAnswer(notes: AnswerNotes): AnswerReads
  /** Copies the library while it is in use; absent where that is the engine's own business. */
  snapshot?(): Promise<Snapshot>
  /** Never throws. */
  health(): Promise<Health>
  /**
   * Resolves once nothing is under way that closing would have to wait for, which may take minutes; absent where
   * closing never waits. Whoever closes it while others wait asks before.
   */
  atRest?(): Promise<void>
  close(): Promise<void>
}
