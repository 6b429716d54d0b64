import { feedbackCalls } from './feedback.ts'
import { form } from './form.ts'
import { graphCalls } from './graph.ts'
import { createHttp, readBlob, readJson, type HttpOptions } from './http.ts'
import { readJsonLines } from './json-lines.ts'
import { keyCalls } from './keys.ts'
import { questionCalls } from './questions.ts'
import { reindexCalls } from './reindex.ts'
import { searchAnswer } from './search-answer.ts'
import type { SimilarOptions } from './search-options.ts'
import { searchCalls } from './searches.ts'
import type {
  Deletion,
  DuplicateGroupPage,
  ExportCheckpoint,
  ExportedRecord,
  Facets,
  Filter,
  FoundImages,
  Health,
  ImagePage,
  ImageRecord,
  ImportEstimate,
  IndexResponse,
  ImportResult,
  Info,
  LibraryMap,
  Metadata,
  OutlinePage,
  PatchedMetadata,
  Removal,
  SearchResponse,
  StageEvent,
  UsageReport,
  Vocabulary,
  WhyResponse,
} from './contract.ts'

export type ClientOptions = HttpOptions

interface Cancellable {
  signal?: AbortSignal
}

export interface PictureOptions extends SimilarOptions {
  /** `expanded`: the first hundred are ranked also by how they lie to each other. */
  ranking?: 'cosine' | 'expanded'
}

export interface SearchOptions extends PictureOptions {
  /** Told as each stage of the search begins. */
  onStage?: (event: StageEvent) => void
}

export interface IndexOptions extends Cancellable {
  /** The image's identity; the server mints one from the content when absent. */
  imageUri?: string
  metadata?: Metadata
  /** false: what the picture says of itself in EXIF, IPTC and XMP stays out, whatever the server adds of it. */
  embeddedMetadata?: boolean
  /** Used instead of the embedder's own description. */
  description?: string
}

export interface PageOptions extends Cancellable {
  limit?: number
  /** `next_cursor` of the page before. */
  cursor?: string
}

export interface ListOptions extends PageOptions {
  filter?: Filter
  /** By when they were indexed; what costs the server least, where it is not given. */
  sort?: 'newest' | 'oldest'
  /** Only images that have this in their URI or description, whatever the case. */
  q?: string
  /** Also how many images the list has in all. */
  total?: boolean
}

export interface UsageOptions extends Cancellable {
  days?: number
}

export type FacetOptions = Pick<SimilarOptions, 'limit' | 'filter' | 'signal'>

export interface ExportOptions extends Cancellable {
  /** `cursor` of a checkpoint: go on after it. */
  cursor?: string
  filter?: Filter
}

export interface RemovalOptions extends Cancellable {
  /** Only say what would be deleted. */
  dryRun?: boolean
}

export type Client = ReturnType<typeof createClient>

/**
 * A typed client for Lookalike's HTTP API, for browsers and Node alike.
 *
 * Every call throws `LookalikeApiError` for an error answer, `LookalikeConnectionError` when no
 * answer came, and the signal's reason once aborted.
 *
 * @example
 * const lookalike = createClient({ baseUrl: 'http://127.0.0.1:8000' })
 * const { results } = await lookalike.searchSimilar(file, { limit: 5 })
 */
export function createClient(options: ClientOptions = {}) {
  const http = createHttp(options)

  return {
    ...graphCalls(http),
    ...keyCalls(http),
    ...questionCalls(http),
    ...reindexCalls(http),
    feedback: feedbackCalls(http),
    searches: searchCalls(http),

    /**
     * Finds the stored images that look most like `image`, a file, which is sent with its name if it has one, or the
     * URL of one for the server to fetch.
     */
    async searchSimilar(
      image: Blob | string,
      options: SearchOptions = {},
    ): Promise<SearchResponse> {
      const { signal, onStage } = options
      const body = form({ ...pictureField(image), ...searchFields(options) })
      const send = (accept: string) =>
        http('/api/images/search-similar', { method: 'POST', headers: { accept }, body, signal })
      return searchAnswer(send, onStage, signal)
    },

    /**
     * Finds the stored images that a text describes. With `info().embedder.text` of `names` it may use those of
     * {@link vocabulary}, with `none` it is refused.
     */
    async searchText(query: string, options: SimilarOptions = {}): Promise<SearchResponse> {
      const { limit, scoreThreshold, filter, sparql, hideDuplicates, minMatch, cut, signal } =
        options
      const body = {
        query,
        limit,
        score_threshold: scoreThreshold,
        filter,
        sparql,
        hide_duplicates: hideDuplicates,
        min_match: minMatch,
        cut,
      }
      const call = { method: 'POST', ...jsonBody(body), signal }
      return readJson(await http('/api/images/search-text', call), signal)
    },

    /** Finds more like an image that is already stored; no model is asked. */
    async similarTo(id: string, options: PictureOptions = {}): Promise<SearchResponse> {
      const { signal } = options
      const query = searchFields(options)
      return readJson(await http(`${imagePath(id)}/similar`, { query, signal }), signal)
    },

    /** Why two pictures are alike: ids of images of the library, or files. */
    async why(
      one: Blob | string,
      other: Blob | string,
      { signal }: Cancellable = {},
    ): Promise<WhyResponse> {
      if (typeof one === 'string' && typeof other === 'string') {
        return readJson(
          await http(`${imagePath(one)}/why`, { query: { to: other }, signal }),
          signal,
        )
      }
      // It is asked of a file; what both have in common is the same from either side.
      const [file, to] = typeof one === 'string' ? [other, one] : [one, other]
      const body = form({
        image_file: file,
        ...(typeof to === 'string' ? { to } : { to_file: to }),
      })
      const answer = await readJson<WhyResponse>(
        await http('/api/images/why', { method: 'POST', body, signal }),
        signal,
      )
      return typeof one === 'string' ? turned(answer) : answer
    },

    /** Stores an image, given as a file or as a URL for the server to fetch. */
    async index(image: Blob | string, options: IndexOptions = {}): Promise<IndexResponse> {
      const { imageUri, metadata, embeddedMetadata, description, signal } = options
      const body = form({
        ...pictureField(image),
        image_uri: imageUri,
        metadata: metadata && JSON.stringify(metadata),
        embedded_metadata: embeddedMetadata?.toString(),
        description,
      })
      return readJson(await http('/api/images/index', { method: 'POST', body, signal }), signal)
    },

    async get(id: string, { signal }: Cancellable = {}): Promise<ImageRecord> {
      return readJson(await http(imagePath(id), { signal }), signal)
    },

    /** The thumbnail of an image: at most 384 pixels, as PNG, which every reader knows. */
    async thumbnail(id: string, { signal }: Cancellable = {}): Promise<Blob> {
      const path = `${imagePath(id)}/thumbnail`
      return readBlob(await http(path, { query: { format: 'png' }, signal }), signal)
    },

    /** One JPEG of up to 100 images in rows, numbered from 1 as they are given: what a vision model looks at. */
    async contactSheet(ids: string[], { signal }: Cancellable = {}): Promise<Blob> {
      const call = { query: { ids: ids.join(',') }, signal }
      return readBlob(await http('/api/contact-sheet', call), signal)
    },

    /** One page of the library. */
    async list({ signal, ...options }: ListOptions = {}): Promise<ImagePage> {
      return readJson(await http('/api/images', { query: listQuery(options), signal }), signal)
    },

    /** The same by columns and of so little that 10,000 images are one page: what a wall of pictures is laid out by. */
    async outline({ signal, ...options }: ListOptions = {}): Promise<OutlinePage> {
      const query = listQuery(options)
      return readJson(await http('/api/images/outline', { query, signal }), signal)
    },

    /**
     * A page of the map, 20,000 images at most: those alike lie near each other. It is laid out in the background
     * once somebody asks: ask again until `phase` is `ready`.
     */
    async map({ signal, ...page }: PageOptions = {}): Promise<LibraryMap> {
      return readJson(await http('/api/map', { query: page, signal }), signal)
    },

    /** One page of the groups of images that show the same picture, largest first. */
    async duplicates({ signal, ...page }: PageOptions = {}): Promise<DuplicateGroupPage> {
      return readJson(await http('/api/duplicates', { query: page, signal }), signal)
    },

    /** The records whose file has one of these content hashes (SHA-256, lower-case hex); 1000 at most. */
    async lookup(sha256: string[], { signal }: Cancellable = {}): Promise<ImageRecord[]> {
      const call = { method: 'POST', ...jsonBody({ sha256 }), signal }
      const found = await readJson<FoundImages>(await http('/api/images/lookup', call), signal)
      return found.images
    },

    /** Replaces the metadata of an image. */
    async setMetadata(
      id: string,
      metadata: Metadata,
      { signal }: Cancellable = {},
    ): Promise<ImageRecord> {
      const call = { method: 'PATCH', ...jsonBody({ metadata }), signal }
      return readJson(await http(imagePath(id), call), signal)
    },

    /** Describes an image in your own words; where the embedder reads descriptions, its vector is made anew. */
    async setDescription(
      id: string,
      description: string,
      { signal }: Cancellable = {},
    ): Promise<IndexResponse> {
      const call = { method: 'PUT', ...jsonBody({ description }), signal }
      return readJson(await http(`${imagePath(id)}/description`, call), signal)
    },

    /** Merges into the metadata of up to 1000 images: null takes a key away, objects are merged (RFC 7396). */
    async patchMetadata(
      ids: string[],
      metadata: Metadata,
      { signal }: Cancellable = {},
    ): Promise<PatchedMetadata> {
      const call = { method: 'PATCH', ...jsonBody({ ids, metadata }), signal }
      return readJson(await http('/api/images', call), signal)
    },

    /** Deletes up to 1000 images. */
    async removeMany(ids: string[], { signal }: Cancellable = {}): Promise<Deletion> {
      const call = { method: 'POST', ...jsonBody({ ids }), signal }
      return readJson(await http('/api/images/delete', call), signal)
    },

    async remove(id: string, { signal }: Cancellable = {}): Promise<void> {
      await http(imagePath(id), { method: 'DELETE', signal })
    },

    /** Deletes every image that passes the filter; `{}` passes all. */
    async removeMatching(
      filter: Filter,
      { signal, dryRun }: RemovalOptions = {},
    ): Promise<Removal> {
      const query = { filter: JSON.stringify(filter), dry_run: dryRun ? 'true' : undefined }
      return readJson(await http('/api/images', { method: 'DELETE', query, signal }), signal)
    },

    /** How many images have each value of a metadata key, most frequent first. */
    async facets(key: string, { signal, limit, filter }: FacetOptions = {}): Promise<Facets> {
      const query = { limit, filter: filter && JSON.stringify(filter) }
      return readJson(
        await http(`/api/facets/${encodeURIComponent(key)}`, { query, signal }),
        signal,
      )
    },

    /**
     * The library's records with their vectors, a checkpoint now and then: an export that broke off
     * goes on from the last one. The checkpoint whose `cursor` is null ends a complete export.
     */
    async *export({ signal, filter, cursor }: ExportOptions = {}): AsyncGenerator<
      ExportedRecord | ExportCheckpoint
    > {
      const query = { cursor, filter: filter && JSON.stringify(filter) }
      const response = await http('/api/export', { query, signal })
      yield* readJsonLines<ExportedRecord | ExportCheckpoint>(response, signal)
    },

    /** Stores exported records as they are, 500 at most, all of them or none; nothing is embedded. */
    async import(records: ExportedRecord[], { signal }: Cancellable = {}): Promise<ImportResult> {
      const call = {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
        signal,
      }
      return readJson(await http('/api/import', call), signal)
    },

    /** What runs there: version, embedder, store, library size, limits. */
    async info({ signal }: Cancellable = {}): Promise<Info> {
      return readJson(await http('/api/info', { signal }), signal)
    },

    /** The names that pictures can be searched by, where `info().embedder.text` is `names`. */
    async vocabulary({ signal }: Cancellable = {}): Promise<Vocabulary> {
      return readJson(await http('/api/vocabulary', { signal }), signal)
    },

    /** What models were asked on the last `days` days (the server's default is 30), and its estimated cost. */
    async usage({ days, signal }: UsageOptions = {}): Promise<UsageReport> {
      return readJson(await http('/api/usage', { query: { days }, signal }), signal)
    },

    /** What adding so many new images would cost; a problem where no model is paid. */
    async estimateImport(images: number, { signal }: Cancellable = {}): Promise<ImportEstimate> {
      return readJson(await http('/api/usage/estimate', { query: { images }, signal }), signal)
    },

    async health({ signal }: Cancellable = {}): Promise<Health> {
      return readJson(await http('/api/health', { signal, alsoFine: [503] }), signal)
    },

    /**
     * Trades an API key for a session cookie that scripts cannot read, so that a page's requests
     * and its `<img>` elements are let in alike. A wrong key is an `unauthorized` problem.
     */
    async signIn(key: string, { signal }: Cancellable = {}): Promise<void> {
      await http('/api/session', { method: 'POST', ...jsonBody({ key }), signal })
    },

    /** Ends the session, and takes its cookie back. */
    async signOut({ signal }: Cancellable = {}): Promise<void> {
      await http('/api/session', { method: 'DELETE', signal })
    },
  }
}

/** The same of the two pictures the other way round. */
function turned(answer: WhyResponse): WhyResponse {
  const { map } = answer
  return {
    ...answer,
    one: answer.other,
    other: answer.one,
    map: map && { ...map, one: map.other, other: map.one },
  }
}

function pictureField(image: Blob | string) {
  return typeof image === 'string' ? { image_url: image } : { image_file: image }
}

function imagePath(id: string): string {
  return `/api/images/${encodeURIComponent(id)}`
}

function jsonBody(body: unknown) {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

function listQuery({ filter, total, ...options }: Omit<ListOptions, 'signal'>) {
  return {
    ...options,
    filter: filter && JSON.stringify(filter),
    total: total ? 'true' : undefined,
  }
}

function searchFields(options: PictureOptions) {
  const { limit, scoreThreshold, filter, sparql, hideDuplicates, minMatch, cut } = options
  return {
    limit,
    score_threshold: scoreThreshold,
    filter: filter && JSON.stringify(filter),
    sparql,
    hide_duplicates: hideDuplicates?.toString(),
    min_match: minMatch,
    cut,
    ranking: options.ranking,
  }
}
