import { LookalikeError } from '../../errors.ts'
import type { Failure } from '../../retry.ts'

/** A request that came to nothing. */
export class RequestFailed extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super('the request failed', { cause: failure.error })
    this.failure = failure
  }
}

/** Anything else, such as a file that cannot be read, is no failure of the storage. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof RequestFailed ? thrown.failure : { error: thrown, retryable: false }
}

const recovery = 'Lookalike goes on by itself when it answers again; searching works meanwhile.'

/** An answer that is no success, as an error that says what to do. */
export function explainAnswer(status: number, code: string | null, bucket: string): Failure {
  const said = code ?? `status ${status}`
  if (code === 'NoSuchBucket') {
    return unavailable(`There is no such thing as ${bucket}. Create it, or correct S3_BUCKET.`)
  }
  if (status === 301 || status === 307 || code === 'AuthorizationHeaderMalformed') {
    return unavailable(
      `The storage lays ${bucket} in another region (${said}). Set S3_REGION to it, and S3_ENDPOINT if that names a region.`,
    )
  }
  if (status === 401 || status === 403) {
    return unavailable(
      `Access to ${bucket} was refused (${said}). Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and S3_REGION; ` +
        'the key must be allowed to list the bucket and to get, put and delete objects.',
    )
  }
  if (status === 507 || /StorageFull|QuotaExceeded|InsufficientStorage/i.test(said)) {
    const detail = `There is no space left in ${bucket} (${said}). Free or add some and send the picture again.`
    return { error: new LookalikeError('storage_full', detail), retryable: false }
  }
  if (status === 429 || status >= 500) {
    return unavailable(`The storage of ${bucket} failed (${said}). ${recovery}`, true)
  }
  return { error: new Error(`${bucket} refused a request (${said})`), retryable: false }
}

/** What came of a request that got no answer. */
export function explainFailure(thrown: unknown, bucket: string): Failure {
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return unavailable(
      `The storage of ${bucket} did not answer in time. ${recovery}`,
      false,
      thrown,
    )
  }
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no answer'
  return unavailable(
    `The storage of ${bucket} is not reachable (${code}). Start it, or correct S3_ENDPOINT. ${recovery}`,
    // Nothing listens there, and half a second later nothing will; a connection that broke off is another matter.
    !['ECONNREFUSED', 'ENOTFOUND'].includes(code),
    thrown,
  )
}

function unavailable(detail: string, retryable = false, cause?: unknown): Failure {
  return { error: new LookalikeError('files_unavailable', detail, { cause }), retryable }
}
