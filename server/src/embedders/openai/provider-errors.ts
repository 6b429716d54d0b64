import { APIConnectionError, APIError } from 'openai'
import { LookalikeError } from '../../errors.ts'

/** What a call asked for, in the words that errors use. */
export interface Asked {
  readonly model: string
  readonly timeoutMs: number
  /** The setting that holds `timeoutMs`. */
  readonly timeoutSetting: string
}

/** Seconds the provider asks to wait, by RFC 9110 as a number or a date; undefined when it does not say. */
export function retryAfterOf(error: unknown): number | undefined {
  const text = error instanceof APIError ? error.headers?.get('retry-after') : null
  if (!text) return undefined
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}

export function timedOut({ model, timeoutMs, timeoutSetting }: Asked, cause: unknown) {
  return new LookalikeError(
    'provider_timeout',
    `The model ${model} did not answer within ${timeoutMs / 1000} s (${timeoutSetting}). Try again.`,
    { cause },
  )
}

/** Says what a failed call to the provider means for the person who waits. */
export function explainProviderError(error: unknown, { model }: Asked): unknown {
  if (error instanceof SyntaxError) return rejected(model, 'its answer is not JSON.', error)
  if (error instanceof APIConnectionError || isBrokenBody(error)) {
    return new LookalikeError(
      'provider_unavailable',
      'The model provider cannot be reached. Check the network and OPENAI_BASE_URL, then try again.',
      { cause: error },
    )
  }
  if (!(error instanceof APIError) || error.status === undefined) return error
  const { status } = error
  const mayPass = status === 408 || status === 409 || status === 429 || status >= 500
  if (!mayPass) return rejected(model, reasonFor(status), error)
  const retryAfter = retryAfterOf(error)
  return new LookalikeError(
    'provider_unavailable',
    `The model provider answered ${status} for ${model}: ` +
      (status === 429
        ? 'its rate limit or your quota is used up.'
        : 'it has a problem of its own.') +
      ' Try again later.',
    { cause: error, ...(retryAfter ? { retryAfter: Math.ceil(retryAfter) } : {}) },
  )
}

/** The provider answered, but not with anything that could be used. */
export function rejected(model: string, reason: string, cause?: unknown): LookalikeError {
  return new LookalikeError(
    'provider_rejected',
    `The model ${model} gave no usable answer: ${reason}`,
    { cause },
  )
}

/** An answer that broke off after its headers: the client leaves that to `fetch`, a TypeError. */
function isBrokenBody(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'terminated'
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
