import {
  type BodyInit,
  type Dispatcher,
  fetch as send,
  type HeadersInit,
  type Response as Answer,
} from 'undici'
import { LookalikeError } from '../errors.ts'
import { errorWithin } from './error-within.ts'

export interface FetchOptions {
  readonly dispatcher: Dispatcher
  /** Never told to anyone: providers quote it in their errors. */
  readonly apiKey: string | undefined
  /** Bytes of an answer, at most. */
  readonly maxBytes: number
  /** For errors. */
  readonly model: string
  /** The setting that holds the address. */
  readonly urlSetting: string
}

const maxRedirects = 3
const emptyStatuses = new Set([204, 205, 304])

/**
 * A `fetch` for the provider's client. Answers are read here, up to a bound; redirects are followed to the
 * same host only, so that key and pictures go nowhere else; an error that comes as a success gets the
 * status that it means; and the key is taken out of whatever the provider says.
 */
export function providerFetch(options: FetchOptions): typeof fetch {
  const { dispatcher, apiKey } = options
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : input)
    for (let redirects = 0; ; redirects++) {
      const answer = await send(url, {
        method: init.method ?? 'POST',
        headers: init.headers as HeadersInit,
        body: init.body as BodyInit,
        signal: init.signal ?? null,
        redirect: 'manual',
        dispatcher,
      })
      const text = await readBounded(answer, options)
      const next = redirects < maxRedirects ? nextUrl(url, answer) : null
      if (!next) return responseOf(answer, text, apiKey)
      url = next
    }
  }
}

async function readBounded(answer: Answer, options: FetchOptions): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the body, and with it the connection.
    if (bytes > options.maxBytes) throw tooLarge(options)
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** Only 307 and 308 mean the same request again. */
function nextUrl(from: URL, { status, headers }: Answer): URL | null {
  const location = headers.get('location')
  if ((status !== 307 && status !== 308) || !location) return null
  const url = URL.parse(location, from)
  if (!url || url.hostname !== from.hostname) return null
  const isUpgrade = from.protocol === 'http:' && url.protocol === 'https:'
  return url.host === from.host && url.protocol === from.protocol ? url : isUpgrade ? url : null
}

function responseOf(answer: Answer, text: string, apiKey: string | undefined): Response {
  const within = answer.ok ? errorWithin(text) : null
  const status = within?.status ?? answer.status
  const headers = { 'content-type': 'application/json' }
  const retryAfter = answer.headers.get('retry-after')
  const told = retryAfter === null ? headers : { ...headers, 'retry-after': retryAfter }
  if (emptyStatuses.has(status)) return new Response(null, { status, headers: told })
  const body = within ? JSON.stringify({ error: within.error }) : text
  return new Response(withoutKey(body, apiKey), { status, headers: told })
}

function withoutKey(text: string, apiKey: string | undefined): string {
  return apiKey ? text.replaceAll(apiKey, '[key]') : text
}

function tooLarge({ model, maxBytes, urlSetting }: FetchOptions): LookalikeError {
  return new LookalikeError(
    'provider_rejected',
    `The model ${model} gave no usable answer: its answer is larger than ${Math.round(maxBytes / 1e6)} MB. ` +
      `Check ${urlSetting}.`,
  )
}
