import { noUsage, type Usage } from '../embedders/embedder.ts'
import { LookalikeError } from '../errors.ts'
import { decodeImage } from '../images/decode.ts'
import type { Filter } from '../records/filter.ts'
import type { AnswerNotes, Hit } from '../stores/image-store.ts'
import type { FileFacts, VectorRecord } from '../records/record.ts'
import { findDuplicates } from './duplicates/find-duplicates.ts'
import { nearestDistinct } from './duplicates/nearest-distinct.ts'
import type { DuplicateOf } from './duplicates/same-picture.ts'
import { candidatesOf, checkCandidates } from './graph/candidates.ts'
import type { AnswerDeps, LibraryDeps, Upload } from './deps.ts'
import { unknownImage } from './edit.ts'
import { embedContext, type Run } from './stages.ts'

export interface SearchOptions {
  readonly limit: number
  readonly scoreThreshold?: number | undefined
  readonly filter?: Filter | undefined
  /** Of results that show the same picture, only the best. */
  readonly hideDuplicates?: boolean | undefined
  /** SPARQL SELECT whose `?image` are the only candidates. */
  readonly sparql?: string | undefined
}

export interface SearchOutcome {
  readonly query: { filename: string | null; description: string; file: FileFacts | null }
  readonly hits: Hit[]
  /** Hits of which the library has a better copy, by id. */
  readonly duplicates: Map<string, DuplicateOf>
  readonly notes: AnswerNotes
  readonly cached: boolean
  readonly usage: Usage
}

/** What is searched for: a received picture, a text, or an indexed picture by its id. */
export type SearchQuery =
  | { readonly upload: Upload }
  | { readonly text: string }
  | { readonly likeId: string }

/** What neighbours are searched for, once a query has its vector. */
interface EmbeddedQuery {
  readonly vector: Float32Array
  readonly description: string
  readonly filename: string | null
  readonly file: FileFacts | null
  readonly cached: boolean
  readonly usage: Usage
}

/**
 * The indexed images that are like the query, best first; an indexed picture is left out of its own
 * results.
 *
 * @throws LookalikeError `unsupported` for a text that the embedder cannot embed, `not_found` for an
 *   unknown id, `invalid_query` for a `sparql` that is no SELECT of `?image`
 */
export async function searchLibrary(
  deps: LibraryDeps,
  query: SearchQuery,
  options: SearchOptions,
  run: Run,
): Promise<SearchOutcome> {
  // Before anything is paid for.
  if (options.sparql !== undefined) await checkCandidates(options.sparql)
  // Vectors of two embedders mean nothing to each other: when the library was exchanged for one of
  // another embedder meanwhile, the search starts again.
  for (;;) {
    const { embedder } = deps
    try {
      const outcome = await searchOnce(deps, query, options, run)
      if (deps.embedder === embedder) return outcome
    } catch (error) {
      if (deps.embedder === embedder) throw error
    }
  }
}

async function searchOnce(
  library: LibraryDeps,
  query: SearchQuery,
  options: SearchOptions,
  run: Run,
): Promise<SearchOutcome> {
  const notes: AnswerNotes = {}
  const deps = { ...library, store: library.store.forAnswer?.(notes) ?? library.store }
  const { vector, filename, description, file, cached, usage } = await embedQuery(deps, query, run)
  run.signal.throwIfAborted()
  run.stages.begin('search')
  const itself = 'likeId' in query ? query.likeId : null
  const limit = options.limit + Number(itself !== null)
  const found = await findNearest(deps, vector, { ...options, limit }, run.signal)
  const hits = found.filter(({ record }) => record.id !== itself).slice(0, options.limit)
  const duplicates = await findDuplicates(
    deps,
    hits.map(({ record }) => record),
  )
  return { query: { filename, description, file }, hits, duplicates, notes, cached, usage }
}

async function embedQuery(deps: AnswerDeps, query: SearchQuery, run: Run): Promise<EmbeddedQuery> {
  if ('upload' in query) return embedUpload(deps, query.upload, run)
  if ('text' in query) return embedText(deps, query.text, run)
  const [record] = await deps.store.getWithVectors([query.likeId])
  if (!record) throw unknownImage(query.likeId)
  return remembered(record, null)
}

/** An indexed picture is searched for with the vector that it has. */
function remembered(record: VectorRecord, filename: string | null): EmbeddedQuery {
  const { vector, description, file } = record
  return { vector, description, file, filename, cached: true, usage: noUsage }
}

async function embedText(deps: AnswerDeps, text: string, run: Run): Promise<EmbeddedQuery> {
  const { embedder } = deps
  const embed = embedder.embedText ?? embedder.embedNames
  if (!embed) {
    throw new LookalikeError(
      'unsupported',
      `The embedder ${embedder.id} cannot search by text: it compares what is measured in pictures. ` +
        'Search with a picture, or re-index the library: the built-in embedder of today knows names of things, ' +
        'EMBEDDER=openai all words.',
    )
  }
  const embedded = await embed.call(embedder, text, embedContext(run))
  return { cached: false, ...embedded, filename: null, file: null }
}

async function embedUpload(deps: AnswerDeps, upload: Upload, run: Run): Promise<EmbeddedQuery> {
  const { filename, bytes, sha256 } = upload
  const indexed = await findIndexed(deps, sha256)
  if (indexed) return remembered(indexed, filename)
  const context = { ...embedContext(run), file: sha256 }
  const recalled = await deps.embedder.recall?.(sha256, context)
  if (recalled) {
    return { cached: false, ...recalled, filename, file: { sha256, bytes, ...recalled.source } }
  }
  run.stages.begin('decode')
  const image = await decodeImage(upload.source, deps.maxMegapixels)
  context.signal.throwIfAborted()
  const embedded = await deps.embedder.embedImage(image, context)
  return { cached: false, ...embedded, filename, file: { sha256, bytes, ...image.source } }
}

/** A picture whose very bytes are indexed is searched with the vector it already has. */
async function findIndexed(deps: AnswerDeps, sha256: string): Promise<VectorRecord | undefined> {
  const same = await deps.store.findByContentHash([sha256])
  const usable = same.find((record) => record.embedderId === deps.embedder.id)
  return usable && (await deps.store.getWithVectors([usable.id]))[0]
}

async function findNearest(
  deps: AnswerDeps,
  vector: Float32Array,
  options: SearchOptions,
  signal: AbortSignal,
): Promise<Hit[]> {
  const { sparql } = options
  const candidates = sparql === undefined ? [] : [await candidatesOf(deps, sparql, signal)]
  const filters = [...(options.filter ? [options.filter] : []), ...candidates]
  const query = {
    vector,
    limit: options.limit,
    // 0 means no cut, so that a slider at its lowest stop hides nothing.
    ...(options.scoreThreshold ? { scoreThreshold: options.scoreThreshold } : {}),
    ...(filters.length > 0 ? { filter: { must: filters } } : {}),
  }
  return options.hideDuplicates ? nearestDistinct(deps.store, query) : deps.store.search(query)
}
