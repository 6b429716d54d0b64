import { LookalikeError, quoteOf } from '../../../errors.ts'

/** The collection is not there: whether that is a failure depends on who asks. */
export class CollectionMissing extends Error {}

/** Something answered, with a success, what Qdrant never would. */
export class AnswerNotUnderstood extends Error {}

export interface Failure {
  readonly error: Error
  /**
   * Whether the same request may succeed a moment later: `soon` after a restart or under load, `cluster`
   * as soon as the other nodes have noticed that one is gone, which takes seconds.
   */
  readonly passing: 'soon' | 'cluster' | false
}

interface Server {
  readonly address: string
  readonly collection: string
}

/** What the client threw, as an error that says what to do. */
export function explain(thrown: unknown, server: Server): Failure {
  const unavailable = (detail: string, passing: Failure['passing']): Failure => ({
    error: new LookalikeError('store_unavailable', detail, { cause: thrown }),
    passing,
  })
  const at = `Qdrant at ${server.address}`
  const status = statusOf(thrown)
  const said = answerOf(thrown)
  if (thrown instanceof AnswerNotUnderstood || (status === 404 && said === null)) {
    return unavailable(`What answers at ${server.address} is not Qdrant. Check QDRANT_URL.`, 'soon')
  }
  if (status === null && isTimeout(thrown)) {
    return unavailable(`${at} did not answer in time. ${recovery}`, false)
  }
  if (status === null) {
    const code = connectionCode(thrown)
    // Nobody listens, and half a second later nobody will: say so at once. A connection that broke
    // off, as a restart leaves them, is worth a second attempt.
    return code === null
      ? unavailable(`${at} broke off its answer. ${recovery}`, 'soon')
      : unavailable(`${at} is not reachable (${code}). ${remedy(server)}`, false)
  }
  if (status === 401 || status === 403) {
    return unavailable(
      `${at} refused access${because(said)}. Set QDRANT_API_KEY to a key that may read and write.`,
      false,
    )
  }
  if (status === 404 && /collection .*(doesn't exist|not found)/i.test(said ?? '')) {
    return { error: new CollectionMissing(said ?? ''), passing: false }
  }
  if (/no space left|disk is full|not enough (disk )?space/i.test(said ?? '')) {
    const detail = `${at} has no space left on its disk. Free some or enlarge it; reads go on.`
    return { error: new LookalikeError('storage_full', detail, { cause: thrown }), passing: false }
  }
  if (status === 429)
    return unavailable(`${at} is asked too much${because(said)}. ${recovery}`, 'soon')
  if (status >= 500) {
    const passing = ofDyingNode.test(said ?? '') ? 'cluster' : 'soon'
    return unavailable(`${at} failed with status ${status}${because(said)}. ${recovery}`, passing)
  }
  if (/index required but not found/i.test(said ?? '')) {
    return { error: indexRequired(said!, thrown), passing: false }
  }
  if (/no range index for .?order_by/i.test(said ?? '')) {
    const detail = `${at} is still making the index that lists are ordered by. Try again in a moment, or list without an order.`
    return unavailable(detail, 'soon')
  }
  return {
    error: new Error(`${at} refused a request with status ${status}${because(said)}`, {
      cause: thrown,
    }),
    passing: false,
  }
}

/** What the other nodes say until they have noticed: seen of 1.18.3, and in the sources of it. */
const ofDyingNode =
  /operations? failed|enough active replicas|replicas? (is|are) not available|no active replica|write_consistency_factor|transport error|tonic status/i

/** The collection was there and is no more: an empty answer would hide that the images are gone. */
export function collectionLost(
  { address, collection }: Server,
  cause?: CollectionMissing,
): LookalikeError {
  return new LookalikeError(
    'store_unavailable',
    `The collection "${collection}" was in Qdrant at ${address} and is gone. ` +
      'Restore it from a snapshot, or restart Lookalike to begin a new, empty library.',
    { cause },
  )
}

const recovery = 'Lookalike goes on by itself when it answers again.'

function remedy({ address }: Server): string {
  return (
    'Start it: docker run -d -p 6333:6333 -v qdrant_storage:/qdrant/storage qdrant/qdrant ' +
    `- or set QDRANT_URL to where it runs (now ${address}). ${recovery}`
  )
}

// Collections that another program made on Qdrant Cloud, which is strict unless told otherwise.
function indexRequired(said: string, cause: unknown): LookalikeError {
  return new LookalikeError(
    'unsupported',
    `The collection is in strict mode and filters by indexed keys only (${said}). ` +
      'Add the key to QDRANT_INDEXES, restart and index an image, or turn strict mode off.',
    { cause },
  )
}

function statusOf(thrown: unknown): number | null {
  if (!(thrown instanceof Error)) return null
  // The client has a class of its own for one status, when the answer says how long to wait.
  if (thrown.name === 'QdrantClientResourceExhaustedError') return 429
  return 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : null
}

/** Qdrant's own words in an error answer; null when the answer is not Qdrant's. */
function answerOf(thrown: unknown): string | null {
  const data = (thrown as { data?: { status?: { error?: unknown } } } | null)?.data
  const said = typeof data === 'object' ? data?.status?.error : null
  return typeof said === 'string' ? quoteOf(said, 500) : null
}

function because(said: string | null): string {
  return said === null ? '' : `: ${said}`
}

/** Why no connection came about; null when one did. */
function connectionCode(thrown: unknown): string | null {
  const cause = thrown instanceof Error ? thrown.cause : null
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null
  return code !== null && brokenOff.has(code) ? null : code
}

/** What undici and the system call a connection that ended too soon. */
const brokenOff = new Set([
  'UND_ERR_SOCKET',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && ['TimeoutError', 'AbortError'].includes(thrown.name)
}
