import { createHttp, readJson, type HttpOptions } from './http.ts'
import { readSearchEvents } from './search-events.ts'
import type {
  Filter,
  Health,
  ImagePage,
  ImageRecord,
  ImportEstimate,
  IndexResponse,
  Info,
  Metadata,
  SearchResponse,
  StageEvent,
  UsageReport,
} from './types.ts'

export type ClientOptions = HttpOptions

interface Cancellable {
  signal?: AbortSignal
}

export interface SimilarOptions extends Cancellable {
  /** How many results at most, 1 to 100; the server's default is 10. */
  limit?: number
  /** Results score at least this, 0 to 1; absent or 0 means no cut. */
  scoreThreshold?: number
  filter?: Filter
}

export interface SearchOptions extends SimilarOptions {
  /** Told as each stage of the search begins. */
  onStage?: (event: StageEvent) => void
}

export interface IndexOptions extends Cancellable {
  /** The image's identity; the server mints one from the content when absent. */
  imageUri?: string
  metadata?: Metadata
  /** Used instead of the embedder's own description. */
  description?: string
}

export interface ListOptions extends Cancellable {
  limit?: number
  /** `next_cursor` of the page before. */
  cursor?: string
  filter?: Filter
}

export interface UsageOptions extends Cancellable {
  days?: number
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
    /** Finds the stored images that look most like `image`; a `File` is sent with its name. */
    async searchSimilar(image: Blob, options: SearchOptions = {}): Promise<SearchResponse> {
      const { signal, onStage } = options
      const response = await http('/api/images/search-similar', {
        method: 'POST',
        headers: { accept: onStage ? 'text/event-stream' : 'application/json' },
        body: form({ image_file: image, ...searchFields(options) }),
        signal,
      })
      const streamed = response.headers.get('content-type')?.startsWith('text/event-stream')
      return onStage && streamed && response.body
        ? readSearchEvents(response.body, onStage, signal)
        : readJson(response, signal)
    },

    /** Finds the stored images that a text describes; needs an embedder with `info().embedder.text`. */
    async searchText(query: string, options: SimilarOptions = {}): Promise<SearchResponse> {
      const { limit, scoreThreshold: score_threshold, filter, signal } = options
      const response = await http('/api/images/search-text', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, limit, score_threshold, filter }),
        signal,
      })
      return readJson(response, signal)
    },

    /** Finds more like an image that is already stored; no model is asked. */
    async similarTo(id: string, options: SimilarOptions = {}): Promise<SearchResponse> {
      const { signal } = options
      const query = searchFields(options)
      return readJson(await http(`${imagePath(id)}/similar`, { query, signal }), signal)
    },

    /** Stores an image, given as a file or as a URL for the server to fetch. */
    async index(image: Blob | string, options: IndexOptions = {}): Promise<IndexResponse> {
      const { imageUri, metadata, description, signal } = options
      const body = form({
        ...(typeof image === 'string' ? { image_url: image } : { image_file: image }),
        image_uri: imageUri,
        metadata: metadata && JSON.stringify(metadata),
        description,
      })
      return readJson(await http('/api/images/index', { method: 'POST', body, signal }), signal)
    },

    async get(id: string, { signal }: Cancellable = {}): Promise<ImageRecord> {
      return readJson(await http(imagePath(id), { signal }), signal)
    },

    /** One page of the library. */
    async list({ signal, filter, ...page }: ListOptions = {}): Promise<ImagePage> {
      const query = { ...page, filter: filter && JSON.stringify(filter) }
      return readJson(await http('/api/images', { query, signal }), signal)
    },

    async remove(id: string, { signal }: Cancellable = {}): Promise<void> {
      await http(imagePath(id), { method: 'DELETE', signal })
    },

    /** What runs there: version, embedder, store, library size, limits. */
    async info({ signal }: Cancellable = {}): Promise<Info> {
      return readJson(await http('/api/info', { signal }), signal)
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
      return readJson(await http('/api/health', { signal }), signal)
    },

    /**
     * Trades an API key for a session cookie that scripts cannot read, so that a page's requests
     * and its `<img>` elements are let in alike. A wrong key is an `unauthorized` problem.
     */
    async signIn(key: string, { signal }: Cancellable = {}): Promise<void> {
      await http('/api/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ key }),
        signal,
      })
    },
  }
}

function imagePath(id: string): string {
  return `/api/images/${encodeURIComponent(id)}`
}

function searchFields({ limit, scoreThreshold, filter }: SimilarOptions) {
  return {
    limit,
    score_threshold: scoreThreshold,
    filter: filter && JSON.stringify(filter),
  }
}

// Fields come before the file, so that the server knows them by the time the bytes arrive.
function form(fields: Record<string, Blob | string | number | undefined>): FormData {
  const data = new FormData()
  const entries = Object.entries(fields)
  for (const [name, value] of entries) {
    if (value !== undefined && !(value instanceof Blob)) data.append(name, String(value))
  }
  for (const [name, value] of entries) {
    if (value instanceof Blob) data.append(name, value)
  }
  return data
}
