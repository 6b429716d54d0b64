import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai'
import { LookalikeError } from '../../errors.ts'

interface Attempt {
  readonly model: string
  readonly timeoutMs: number
  /** The caller's own wish to stop. */
  readonly signal: AbortSignal
}

/** Says what a failed call to the provider means for the person who waits. */
export function explainProviderError(error: unknown, attempt: Attempt): unknown {
  if (attempt.signal.aborted) return attempt.signal.reason
  const { model } = attempt
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError) {
    return new LookalikeError(
      'provider_timeout',
      `The model ${model} did not answer within ${attempt.timeoutMs / 1000} s (OPENAI_TIMEOUT_MS). Try again.`,
      { cause: error },
    )
  }
  if (error instanceof APIConnectionError) {
    return new LookalikeError(
      'provider_unavailable',
      'The model provider cannot be reached. Check the network and OPENAI_BASE_URL, then try again.',
      { cause: error },
    )
  }
  if (!(error instanceof APIError) || error.status === undefined) return error
  const { status } = error
  if (status === 429 || status >= 500) {
    const retryAfter = Number(error.headers?.get('retry-after')) || undefined
    return new LookalikeError(
      'provider_unavailable',
      `The model provider answered ${status} for ${model}, repeatedly: ` +
        (status === 429
          ? 'its rate limit or your quota is used up.'
          : 'it has a problem of its own.') +
        ' Try again later.',
      { cause: error, ...(retryAfter ? { retryAfter } : {}) },
    )
  }
  return rejected(model, reasonFor(status), error)
}

/** The provider answered, but not with anything that could be used. */
export function rejected(model: string, reason: string, cause?: unknown): LookalikeError {
  return new LookalikeError(
    'provider_rejected',
    `The model ${model} gave no usable answer: ${reason}`,
    {
      cause,
    },
  )
}

// The provider's own words may quote the key, so they go to the log as `cause` and no further.
function reasonFor(status: number): string {
  if (status === 401) return 'its provider does not accept the key (401). Check OPENAI_API_KEY.'
  if (status === 403)
    return 'the key may not use this model (403). Check the rights of OPENAI_API_KEY.'
  if (status === 404) {
    return 'its provider does not know this model (404). Check OPENAI_VISION_MODEL, OPENAI_EMBEDDING_MODEL and OPENAI_BASE_URL.'
  }
  return `its provider refused the request (${status}). The server's log has its words.`
}
