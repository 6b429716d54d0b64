import { LookalikeError } from '../errors.ts'
import type { Backlog } from '../backlog.ts'
import type { Health, Snapshot } from '../stores/image-store.ts'
import type { GraphFormat, ResultFormat } from './formats.ts'

/** The longest answer to a query, in bytes: some 50,000 rows of three terms. */
export const maxAnswerBytes = 10_000_000
/** Statements that one update may add and remove, at most. */
export const maxChanges = 100_000

/** What Lookalike says of one image. */
export interface ImageDocument {
  /** The record's id; the document holds the statement `<image> look:id "<id>"`. */
  readonly id: string
  /** Lines of N-Triples without blank nodes. */
  readonly statements: string[]
  /** Parts of the record that had to be changed to be said in RDF. */
  readonly changed: string[]
}

/** The graphs a query sees; absent means the library's and the people's, merged and by name. */
export interface Dataset {
  readonly defaultGraphs: string[]
  readonly namedGraphs: string[]
}

export interface GraphQuery {
  /** SPARQL 1.1 Query. */
  readonly text: string
  readonly format: ResultFormat | GraphFormat
  readonly dataset?: Dataset | undefined
  /** Bytes of an answer, at most; a longer one is `query_too_heavy`. */
  readonly maxBytes?: number
}

/**
 * Statements about the library's images, and what people add to them. One suite (`server/test/conformance/graph`) holds
 * every driver to this.
 *
 * Errors are `LookalikeError`s: `invalid_query` for text that is no SPARQL, `query_refused` for what is
 * not done here (federation, writing elsewhere than in the people's graph), `query_too_heavy` past the
 * deadline or the size of an answer, `graph_unavailable` when the engine cannot be reached.
 */
export interface KnowledgeGraph {
  /** False for the driver that keeps nothing. */
  readonly enabled: boolean
  /**
   * Replaces what is said of those images. Resolved means durable and seen by every later query.
   *
   * @param revision is left behind by the same write, for `revision` to answer
   * @throws LookalikeError `invalid_query` when the engine takes some of the documents for no RDF
   */
  put(documents: ImageDocument[], revision?: string): Promise<void>
  /** Forgets what Lookalike says of those images; what people said stays. */
  remove(ids: string[], revision?: string): Promise<void>
  /** What the last write left behind; null where there is none, as in a graph that is empty. */
  revision(): Promise<string | null>
  /** How many images are described. */
  imageCount(): Promise<number>
  /** The ids of all that are described. */
  imageIds(): Promise<string[]>
  query(query: GraphQuery, signal?: AbortSignal): Promise<string>
  /** SPARQL 1.1 Update of the people's graph: all of it is durable when this resolves, or none is. */
  update(text: string): Promise<void>
  /** Adds a document to the people's graph; returns how many statements it holds. */
  add(document: string, format: GraphFormat): Promise<number>
  /** Everything, both graphs. */
  export(format: GraphFormat): Promise<string>
  /** Copies all statements while the graph is in use; absent where that is the engine's own business. */
  snapshot?(): Promise<Snapshot>
  /** Present where queries wait for each other here. */
  backlog?(): Backlog
  /** Never throws. */
  health(): Promise<Health>
  close(): Promise<void>
}

export function tooLarge(maxBytes: number): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The answer is larger than ${maxBytes / 1e6} MB. Add a LIMIT, or take everything with GET /api/kg/export.`,
  )
}

export function tooManyChanges(): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The update changes more than ${maxChanges} statements; nothing was changed. Do it in parts.`,
  )
}
