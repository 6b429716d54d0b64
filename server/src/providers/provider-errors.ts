import { APIConnectionError, APIError } from 'openai'
import { LookalikeError, quoteOf } from '../errors.ts'
import { isFiltered, isQuotaUsedUp } from './final-errors.ts'

/** The settings by which a provider is found and used, which errors name. */
export interface SettingNames {
  readonly url: string
  readonly key: string
  /** Those that name models, as they stand in a sentence: `A, B`. */
  readonly models: string
}

/** What a call asked for, in the words that errors use. */
export interface Asked {
  readonly model: string
  readonly settings: SettingNames
  readonly timeoutMs: number
  /** The setting that holds `timeoutMs`. */
  readonly timeoutSetting: string
}

/** Nobody is told to come back later than that, whatever the provider says. */
const maxRetryAfter = 3600

/**
 * Seconds the provider asks to wait, by RFC 9110 as a number or a date, an hour at most; undefined when
 * it does not say.
 */
export function retryAfterOf(error: unknown): number | undefined {
  const text = error instanceof APIError ? error.headers?.get('retry-after') : null
  if (!text) return undefined
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(0, seconds), maxRetryAfter)
}

export function timedOut({ model, timeoutMs, timeoutSetting }: Asked, cause: unknown) {
  return new LookalikeError(
    'provider_timeout',
    `The model ${model} did not answer within ${timeoutMs / 1000} s (${timeoutSetting}). Try again.`,
    { cause },
  )
}

/** Says what a failed call to the provider means for the person who waits. */
export function explainProviderError(error: unknown, { model, settings }: Asked): unknown {
  if (error instanceof SyntaxError) return rejected(model, 'its answer is not JSON.', error)
  if (error instanceof APIConnectionError) return explainConnection(error, settings)
  if (!(error instanceof APIError) || error.status === undefined) return error
  if (isQuotaUsedUp(error)) return quotaUsedUp(model, error)
  const { status } = error
  const mayPass = status === 408 || status === 409 || status === 429 || status >= 500
  if (!mayPass) return rejected(model, reasonFor(error, settings), error)
  const retryAfter = retryAfterOf(error)
  return new LookalikeError(
    'provider_unavailable',
    `The model provider answered ${status} for ${model}: ` +
      (status === 429 ? 'its rate limit or your quota is used up' : 'it has a problem of its own') +
      `${quoted(error)}. Try again later.`,
    { cause: error, ...(retryAfter ? { retryAfter: Math.ceil(retryAfter) } : {}) },
  )
}

function explainConnection(error: APIConnectionError, { url }: SettingNames): LookalikeError {
  // What was found wrong while the answer was read.
  if (error.cause instanceof LookalikeError) return error.cause
  return new LookalikeError(
    'provider_unavailable',
    `The model provider cannot be reached. Check the network, ${url} and, where a proxy leads there, ` +
      'HTTPS_PROXY; then try again.',
    { cause: error },
  )
}

function quotaUsedUp(model: string, error: APIError): LookalikeError {
  return new LookalikeError(
    'budget_exhausted',
    `The quota of your account at the model provider is used up, so ${model} does not answer${quoted(error)}. ` +
      'Add credit or raise the limit there. Pictures that are indexed or were seen before can still be searched.',
    { cause: error },
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

function reasonFor(error: APIError, { url, key, models }: SettingNames): string {
  const { status } = error
  // What is said of a key may quote part of it, so that goes to the log as `cause` and no further.
  if (status === 401) return `its provider does not accept the key (401). Check ${key}.`
  if (isFiltered(error)) {
    return `it declined, for the provider's content filter stopped it (${status})${quoted(error)}.`
  }
  if (status === 403) return `the key may not use this model (403). Check the rights of ${key}.`
  if (status === 404) {
    return `its provider does not know this model (404)${quoted(error)}. Check ${models} and ${url}.`
  }
  if (status! < 400) {
    return `its provider redirects to another address (${status}), where neither key nor picture is sent. Set ${url} to the address that answers.`
  }
  return `its provider refused the request (${status})${quoted(error)}.`
}

const maxQuoted = 200

/** The provider's own words, from which `providerFetch` has taken the key. */
function quoted({ error }: APIError): string {
  const { message, detail } = (error ?? {}) as { message?: unknown; detail?: unknown }
  const words = [error, message, detail].find((each) => typeof each === 'string')
  const line = words?.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
  return line ? ` ("${quoteOf(line, maxQuoted)}")` : ''
}
