import { closeSync, openSync } from 'node:fs'
import type { Problem } from '@lookalike/contract'
import type { FastifyBaseLogger, FastifyError, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import {
  areTooManyFiles,
  isDiskFull,
  LookalikeError,
  storageFull,
  tooManyFiles,
} from '../errors.ts'

const maxDetail = 1000

/** The body of an error answer; also what an event stream ends with when its work fails. */
export function toProblem(thrown: unknown, requestId: string): Problem {
  const error = explain(thrown)
  return {
    type: `urn:lookalike:problem:${error.code}`,
    title: error.title,
    status: error.status,
    detail: shortened(error.message),
    code: error.code,
    retryable: error.retryable,
    request_id: requestId,
    ...(error.parts && { parts: [...error.parts] }),
    ...(error.words && { words: error.words.map((word) => ({ ...word })) }),
  }
}

/** What breaks off when a caller leaves is nobody's fault. */
export function logFailure(thrown: unknown, request: FastifyRequest): void {
  if (request.raw.socket.destroyed) request.log.info('the caller left before its answer')
  else logError(thrown, request.log)
}

/** What nobody foresaw is logged as an error. */
export function logError(thrown: unknown, log: FastifyBaseLogger): void {
  const error = explain(thrown)
  if (error.code === 'internal') log.error({ err: thrown }, 'unexpected error')
  else {
    const details = { code: error.code, cause: describeCause(error.cause) }
    log[error.status >= 500 ? 'warn' : 'info'](details, error.message)
  }
}

/** A caller's own megabyte is not sent back, whatever is wrong with it. */
function shortened(detail: string): string {
  return detail.length <= maxDetail
    ? detail
    : `${detail.slice(0, maxDetail)} ... (and more of that)`
}

/** What this server means by any error it met; what nobody foresaw says nothing of the inside. */
export function explain(thrown: unknown): LookalikeError {
  if (thrown instanceof LookalikeError) return thrown
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const reasons = thrown.validation.map(
      ({ instancePath, message }) =>
        `${instancePath.slice(1).replaceAll('/', '.') || 'body'}: ${message}`,
    )
    return new LookalikeError('invalid_parameter', `${reasons.join('; ')}.`)
  }
  const { statusCode, code, message } = (thrown ?? {}) as Partial<FastifyError>
  if (isDiskFull(thrown)) return storageFull(thrown)
  if (areTooManyFiles(thrown)) return tooManyFiles(thrown)
  if (code && /^FST_(FILES|FIELDS|PARTS)_LIMIT$/.test(code)) {
    return new LookalikeError(
      'invalid_parameter',
      "The form has too many parts: send exactly one file, in a part named 'image_file', and each parameter once.",
    )
  }
  if (statusCode === 414) {
    return new LookalikeError('uri_too_long', 'A part of the address is too long.')
  }
  if (statusCode === 413) {
    return new LookalikeError('upload_too_large', `${message}. Send less at once.`)
  }
  if (code === 'FST_ERR_BAD_URL') {
    return new LookalikeError(
      'invalid_parameter',
      'The address is not encoded as addresses are: after each % stand two hexadecimal digits, and together they are UTF-8.',
    )
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new LookalikeError('invalid_parameter', `${message}`)
  }
  if (isOutOfDescriptors()) return tooManyFiles(thrown)
  return new LookalikeError(
    'internal',
    'The server met an error it did not expect. Its log has the details under this request_id.',
    { cause: thrown },
  )
}

/**
 * Whether no file can be opened at this moment: what libraries make of that may be anything, a module that
 * is missing or a picture that is damaged.
 */
function isOutOfDescriptors(): boolean {
  try {
    closeSync(openSync(import.meta.filename, 'r'))
    return false
  } catch (error) {
    return areTooManyFiles(error)
  }
}

function describeCause(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}
