import { LookalikeConnectionError, toApiError } from './errors.ts'

export interface HttpOptions {
  /** Where the server is, e.g. `http://127.0.0.1:8000`; in a browser, absent means this origin. */
  baseUrl?: string
  /** Sent as a bearer token; a browser session uses a cookie instead, see `signIn`. */
  apiKey?: string
  /** Replaces the global `fetch`. */
  fetch?: typeof globalThis.fetch
}

/** What every call can be given. */
export interface Cancellable {
  signal?: AbortSignal
}

export type Query = Record<string, string | number | undefined>

export interface Call extends RequestInit {
  query?: Query
  /** Statuses that are answers here, though they are errors elsewhere. */
  alsoFine?: number[]
}

/** Sends one request and answers with a successful response. */
export type Http = (path: string, call?: Call) => Promise<Response>

/**
 * Makes the one way in which requests leave.
 *
 * Its errors: `LookalikeApiError` for an error answer, `LookalikeConnectionError` when none came,
 * and the signal's own reason after an abort.
 */
export function createHttp({ baseUrl = '', apiKey, fetch = globalThis.fetch }: HttpOptions): Http {
  const root = baseUrl.replace(/\/+$/, '')
  return async (path, { query = {}, alsoFine = [], ...init } = {}) => {
    const headers = new Headers(init.headers)
    if (apiKey) headers.set('authorization', `Bearer ${apiKey}`)
    let response: Response
    try {
      response = await fetch(root + path + queryString(query), { ...init, headers })
    } catch (cause) {
      init.signal?.throwIfAborted()
      throw new LookalikeConnectionError(
        `Lookalike cannot be reached${root && ` at ${root}`}. ` +
          'Check that the server is running and that the network is up.',
        { cause },
      )
    }
    if (!response.ok && !alsoFine.includes(response.status)) throw await toApiError(response)
    return response
  }
}

/** What sends a value as JSON. */
export function jsonBody(body: unknown) {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** The body as JSON; a body that breaks off or is no JSON is a `LookalikeConnectionError`. */
export function readJson<T>(response: Response, signal?: AbortSignal): Promise<T> {
  return readBody(() => response.json() as Promise<T>, signal)
}

/** The body as bytes, with the same errors. */
export function readBlob(response: Response, signal?: AbortSignal): Promise<Blob> {
  return readBody(() => response.blob(), signal)
}

async function readBody<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    signal?.throwIfAborted()
    throw new LookalikeConnectionError(
      'The answer broke off or is not from Lookalike. Check the address and try again.',
      { cause },
    )
  }
}

function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}
