import type { ErrorCode, UnknownWord } from '@lookalike/contract'
import { withoutSecrets } from './secrets.ts'

export type { ErrorCode }

interface Entry {
  /** The HTTP status. */
  readonly status: number
  /** Whether the same request can succeed later: what every retry goes by, here and in clients. */
  readonly retryable: boolean
  readonly title: string
}

/**
 * The catalogue of everything that can go wrong on purpose; the thrower writes `detail`: what happened
 * and what to do.
 */
export const catalogue: Record<ErrorCode, Entry> = {
  missing_file: { status: 400, retryable: false, title: 'No image was sent' },
  invalid_image: {
    status: 400,
    retryable: false,
    title: 'This is not an image Lookalike can read',
  },
  image_too_many_pixels: { status: 400, retryable: false, title: 'The image has too many pixels' },
  invalid_parameter: { status: 400, retryable: false, title: 'A parameter is not valid' },
  blocked_url: { status: 400, retryable: false, title: 'This URL is not fetched' },
  unreachable_url: { status: 400, retryable: true, title: 'The URL could not be fetched' },
  invalid_query: { status: 400, retryable: false, title: 'The graph query cannot be read' },
  query_refused: {
    status: 400,
    retryable: false,
    title: 'The graph query asks for what is refused',
  },
  query_too_heavy: { status: 422, retryable: false, title: 'The graph query is too heavy' },
  unsupported: { status: 422, retryable: false, title: 'This server cannot do that' },
  budget_exhausted: {
    status: 402,
    retryable: false,
    title: 'The budget for model calls is used up',
  },
  unauthorized: { status: 401, retryable: false, title: 'An API key is needed' },
  forbidden: { status: 403, retryable: false, title: 'This key does not open that' },
  not_found: { status: 404, retryable: false, title: 'Not found' },
  method_not_allowed: { status: 405, retryable: false, title: 'No such method here' },
  not_acceptable: { status: 406, retryable: false, title: 'No such format' },
  embedder_mismatch: {
    status: 409,
    retryable: false,
    title: 'The library was made by another embedder',
  },
  key_conflict: { status: 409, retryable: false, title: 'The keys cannot become so' },
  unknown_words: { status: 422, retryable: false, title: 'Not all of these words are known here' },
  upload_too_large: { status: 413, retryable: false, title: 'The upload is too large' },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    title: 'A body of this type is not read here',
  },
  uri_too_long: { status: 414, retryable: false, title: 'The address is too long' },
  headers_too_large: { status: 431, retryable: false, title: 'The headers are too large' },
  request_timeout: { status: 408, retryable: true, title: 'The request did not arrive in time' },
  range_not_satisfiable: { status: 416, retryable: false, title: 'The file is not that long' },
  unknown_host: { status: 403, retryable: false, title: 'This server is not known by that name' },
  foreign_origin: { status: 403, retryable: false, title: 'Pages of other sites may not do this' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  internal: { status: 500, retryable: false, title: 'Something went wrong on the server' },
  overloaded: { status: 503, retryable: true, title: 'The server is busy' },
  provider_timeout: {
    status: 500,
    retryable: true,
    title: 'The model provider did not answer in time',
  },
  provider_rejected: {
    status: 502,
    retryable: false,
    title: 'The model provider refused the request',
  },
  provider_unavailable: {
    status: 503,
    retryable: true,
    title: 'The model provider is not reachable',
  },
  store_unavailable: {
    status: 503,
    retryable: true,
    title: 'The vector database is not available',
  },
  files_unavailable: {
    status: 503,
    retryable: true,
    title: 'The storage of originals and thumbnails is not available',
  },
  graph_unavailable: {
    status: 503,
    retryable: true,
    title: 'The knowledge graph is not available',
  },
  storage_full: { status: 507, retryable: true, title: 'The disk is full' },
}

interface LookalikeErrorOptions {
  cause?: unknown
  /** Seconds after which trying again makes sense; becomes the `Retry-After` header. */
  retryAfter?: number
  /** Which parts of a question it is about, from 0. */
  parts?: readonly number[]
  /** Which words are not known. */
  words?: readonly UnknownWord[]
}

/**
 * An error that Lookalike can explain. `message` is shown to the caller as `detail`: it says what
 * happened and what to do, and never holds a stack, a path of the server, or a key.
 */
export class LookalikeError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly retryable: boolean
  readonly title: string
  readonly retryAfter: number | undefined
  readonly parts: readonly number[] | undefined
  readonly words: readonly UnknownWord[] | undefined

  constructor(code: ErrorCode, detail: string, options: LookalikeErrorOptions = {}) {
    super(withoutSecrets(detail), { cause: options.cause })
    this.name = 'LookalikeError'
    const entry = catalogue[code]
    this.code = code
    this.status = entry.status
    this.retryable = entry.retryable
    this.title = entry.title
    this.parts = options.parts
    this.words = options.words
    this.retryAfter = options.retryAfter ?? (entry.status === 503 ? 5 : undefined)
  }
}

/** What somebody else said, to be said again: cut, and before that without secrets, of which no beginning may be left. */
export function quoteOf(text: string, maxLength = Infinity): string {
  return withoutSecrets(text).slice(0, maxLength)
}

/** What a full disk means, whoever met it: the file system, SQLite or an upload. */
export function storageFull(cause?: unknown): LookalikeError {
  return new LookalikeError(
    'storage_full',
    'The disk that holds DATA_DIR is full: free some space and try again. Nothing that was stored is lost.',
    { cause },
  )
}

/** What it means that the process may open no more files; connections are files as well. */
export function tooManyFiles(cause: unknown): LookalikeError {
  return new LookalikeError(
    'overloaded',
    'The server has as many files and connections open as the system lets it: try again in a moment. ' +
      'Whoever runs it can raise the limit (ulimit -n).',
    { cause, retryAfter: 1 },
  )
}

/** Whether an error of the system says that no more files can be opened. */
export function areTooManyFiles(error: unknown): boolean {
  const { code = '', message = '', cause } = (error ?? {}) as NodeJS.ErrnoException & Error
  // On their way out of a thread errors lose their code; libraries in C have none, and say it in words.
  const said = /\bE[MN]FILE\b|too many open files/i.test(`${code} ${message}`)
  return said || (cause !== undefined && areTooManyFiles(cause))
}

/** Whether an error of the file system says that there is no room: none at all, or none for this user. */
export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}
