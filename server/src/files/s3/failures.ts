import { LookalikeError } from '../../errors.ts'

export interface Failure {
  readonly error: Error
  /** Whether the same request may succeed a moment later. */
  readonly passing: boolean
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
    return { error: new LookalikeError('storage_full', detail), passing: false }
  }
  if (status === 429 || status >= 500) {
    return unavailable(`The storage of ${bucket} failed (${said}). ${recovery}`, true)
  }
  return { error: new Error(`${bucket} refused a request (${said})`), passing: false }
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
    // Nobody listens, and half a second later nobody will; a connection that broke off is another matter.
    !['ECONNREFUSED', 'ENOTFOUND'].includes(code),
    thrown,
  )
}

function unavailable(detail: string, passing = false, cause?: unknown): Failure {
  return { error: new LookalikeError('files_unavailable', detail, { cause }), passing }
}
