import { LookalikeError, quoteOf } from '../../errors.ts'

export interface EndpointOptions {
  /** Where queries are sent. */
  readonly endpoint: string
  /** Where updates are sent. */
  readonly updateEndpoint: string
  /** Sent as Basic credentials (RFC 7617). */
  readonly credentials?: { readonly user: string; readonly password: string } | null
  readonly deadlineMs: number
}

interface Call {
  readonly to: 'endpoint' | 'updateEndpoint'
  readonly text: string
  readonly accept: string
  /** Pairs of protocol parameters: which graphs are seen. */
  readonly graphs?: [string, string][]
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
}

const retryAfter = 5

/**
 * Speaks the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) to one endpoint: direct
 * POST, which every engine understands and which has no limit on the length of a text.
 *
 * @returns the body; null when it is longer than `maxBytes`
 */
export async function ask(options: EndpointOptions, call: Call): Promise<string | null> {
  const url = new URL(options[call.to])
  const credentials = options.credentials && basic(options.credentials)
  for (const [name, value] of call.graphs ?? []) url.searchParams.append(name, value)
  const kind = call.to === 'endpoint' ? 'query' : 'update'
  const deadline = AbortSignal.timeout(options.deadlineMs)
  const signal = call.signal ? AbortSignal.any([deadline, call.signal]) : deadline
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': `application/sparql-${kind}`,
        accept: call.accept,
        // A server nearby that compresses sends chunks, and each waits 40 ms for the one before.
        'accept-encoding': 'identity',
        ...(credentials && { authorization: credentials }),
      },
      body: call.text,
      redirect: 'error',
      signal,
    })
    if (!response.ok) throw await refusal(response)
    return await readAtMost(response, call.maxBytes)
  } catch (error) {
    if (error instanceof LookalikeError) throw error
    call.signal?.throwIfAborted()
    throw deadline.aborted ? tooSlow(options.deadlineMs, error) : unreachable(url, error)
  }
}

function basic({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

async function readAtMost(response: Response, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > maxBytes) return null
    chunks.push(chunk)
  }
  // Unlike a buffer's own way, it leaves out a byte order mark.
  return new TextDecoder().decode(Buffer.concat(chunks))
}

async function refusal(response: Response): Promise<LookalikeError> {
  const said = (await readAtMost(response, 100_000).catch(() => null)) ?? ''
  if (response.status === 400) {
    return new LookalikeError('invalid_query', `The graph endpoint says: ${quoteOf(said, 300)}`)
  }
  return new LookalikeError(
    'graph_unavailable',
    `The graph endpoint answered with status ${response.status}. Check SPARQL_ENDPOINT, SPARQL_USER, SPARQL_PASSWORD and its log.`,
    { retryAfter, cause: new Error(quoteOf(said, 1000)) },
  )
}

function tooSlow(deadlineMs: number, cause: unknown): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The graph endpoint did not answer within ${deadlineMs / 1000} seconds (GRAPH_TIMEOUT_MS). Ask for less, ` +
      'or see whether it is overloaded.',
    { cause },
  )
}

function unreachable(url: URL, cause: unknown): LookalikeError {
  return new LookalikeError(
    'graph_unavailable',
    `The graph endpoint at ${url.origin} cannot be reached. Start it, or check SPARQL_ENDPOINT.`,
    { retryAfter, cause },
  )
}
