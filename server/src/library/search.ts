import { noUsage, type EmbedContext, type Usage } from '../embedders/embedder.ts'
import { LookalikeError } from '../errors.ts'
import { decodeImage } from '../images/decode.ts'
import type { Filter } from '../records/filter.ts'
import type { Hit } from '../stores/image-store.ts'
import type { FileFacts, VectorRecord } from '../records/record.ts'
import { findDuplicates } from './duplicates/find-duplicates.ts'
import { nearestDistinct } from './duplicates/nearest-distinct.ts'
import type { DuplicateOf } from './duplicates/same-picture.ts'
import { candidatesOf, checkCandidates } from './graph/candidates.ts'
import type { Parts, Upload } from './deps.ts'
import type { Stages } from './stages.ts'
import { unknownImage } from './unknown-image.ts'

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
  readonly cached: boolean
  readonly usage: Usage
}

/** The indexed images that look like an uploaded one, best first. */
export async function searchByImage(
  parts: Parts,
  upload: Upload,
  options: SearchOptions,
  stages: Stages,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  if (options.sparql !== undefined) checkCandidates(options.sparql)
  return withinOneLibrary(parts, () => searchUpload(parts, upload, options, stages, signal))
}

async function searchUpload(
  parts: Parts,
  upload: Upload,
  options: SearchOptions,
  stages: Stages,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  const known = await findIndexed(parts, upload.sha256)
  const query = known
    ? { ...known, usage: noUsage, cached: true }
    : await embedUpload(parts, upload, stages, signal)
  signal.throwIfAborted()
  stages.begin('search')
  const hits = await findNearest(parts, query.vector, options, signal)
  return {
    query: { filename: upload.filename, description: query.description, file: query.file },
    hits,
    duplicates: await findDuplicatesOf(parts, hits),
    cached: query.cached ?? false,
    usage: query.usage,
  }
}

/**
 * The indexed images that a text describes, best first.
 *
 * @throws LookalikeError `unsupported` when the embedder cannot embed a text
 */
export async function searchByText(
  parts: Parts,
  text: string,
  options: SearchOptions,
  stages: Stages,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  if (options.sparql !== undefined) checkCandidates(options.sparql)
  return withinOneLibrary(parts, () => searchWords(parts, text, options, stages, signal))
}

async function searchWords(
  parts: Parts,
  text: string,
  options: SearchOptions,
  stages: Stages,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  const { embedder } = parts
  if (!embedder.embedTexts) {
    throw new LookalikeError(
      'unsupported',
      `The embedder ${embedder.id} cannot search by text: it compares what is measured in pictures. ` +
        'Search with a picture, or set EMBEDDER=openai.',
    )
  }
  const [embedded] = await embedder.embedTexts([text], {
    signal,
    onStage: (stage) => stages.begin(stage),
  })
  const { vector, description, usage, cached = false } = embedded!
  signal.throwIfAborted()
  stages.begin('search')
  const hits = await findNearest(parts, vector, options, signal)
  const duplicates = await findDuplicatesOf(parts, hits)
  return { query: { filename: null, description, file: null }, hits, duplicates, cached, usage }
}

/** More like an indexed image, itself left out; no embedding is made. */
export async function searchLikeRecord(
  parts: Parts,
  id: string,
  options: SearchOptions,
  stages: Stages,
): Promise<SearchOutcome> {
  return withinOneLibrary(parts, () => searchLike(parts, id, options, stages))
}

async function searchLike(
  parts: Parts,
  id: string,
  options: SearchOptions,
  stages: Stages,
): Promise<SearchOutcome> {
  stages.begin('search')
  const [record] = await parts.store.getWithVectors([id])
  if (!record) throw unknownImage(id)
  const withItself = await findNearest(parts, record.vector, {
    ...options,
    limit: options.limit + 1,
  })
  const hits = withItself.filter((hit) => hit.record.id !== id).slice(0, options.limit)
  return {
    query: { filename: null, description: record.description, file: record.file },
    hits,
    duplicates: await findDuplicatesOf(parts, hits),
    cached: true,
    usage: noUsage,
  }
}

/**
 * Vectors of two embedders mean nothing to each other: a search during which the library was exchanged
 * for one of another embedder is made again.
 */
async function withinOneLibrary<T>(parts: Parts, search: () => Promise<T>): Promise<T> {
  for (;;) {
    const { embedder } = parts
    try {
      const outcome = await search()
      if (parts.embedder === embedder) return outcome
    } catch (error) {
      if (parts.embedder === embedder) throw error
    }
  }
}

/** A picture whose very bytes are indexed is searched with the vector it already has. */
async function findIndexed(parts: Parts, sha256: string): Promise<VectorRecord | undefined> {
  const same = await parts.store.findByContentHash([sha256])
  const usable = same.find((record) => record.embedderId === parts.embedder.id)
  return usable && (await parts.store.getWithVectors([usable.id]))[0]
}

async function embedUpload(parts: Parts, upload: Upload, stages: Stages, signal: AbortSignal) {
  const { bytes, sha256 } = upload
  const context: EmbedContext = {
    signal,
    files: [sha256],
    onStage: (stage) => stages.begin(stage),
  }
  const recalled = await parts.embedder.recall?.(sha256, context)
  if (recalled) return { ...recalled, file: { sha256, bytes, ...recalled.source } }
  stages.begin('decode')
  const image = await decodeImage(upload.inMemory ?? upload.path, parts.maxMegapixels)
  signal.throwIfAborted()
  const [embedded] = await parts.embedder.embedImages([image], context)
  return { ...embedded!, file: { sha256, bytes, ...image.source } }
}

async function findNearest(
  parts: Parts,
  vector: Float32Array,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const { sparql } = options
  const candidates = sparql === undefined ? [] : [await candidatesOf(parts, sparql, signal)]
  const filters = [...(options.filter ? [options.filter] : []), ...candidates]
  const query = {
    vector,
    limit: options.limit,
    // 0 means no cut, so that a slider at its lowest stop hides nothing.
    ...(options.scoreThreshold ? { scoreThreshold: options.scoreThreshold } : {}),
    ...(filters.length > 0 ? { filter: { must: filters } } : {}),
  }
  return options.hideDuplicates ? nearestDistinct(parts.store, query) : parts.store.search(query)
}

function findDuplicatesOf(parts: Parts, hits: Hit[]): Promise<Map<string, DuplicateOf>> {
  return findDuplicates(
    parts,
    hits.map(({ record }) => record),
  )
}
