import { closeSync, openSync } from 'node:fs'
import type { Problem } from '@lookalike/contract'
import type {
  FastifyBaseLogger,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
} from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import {
  areTooManyFiles,
  isDiskFull,
  LookalikeError,
  storageFull,
  tooManyFiles,
} from '../../errors.ts'

const maxDetail = 1000

/** Turns every error, and every unknown path, into RFC 9457 problem details. */
export function problemDetails(app: FastifyInstance): void {
  app.setErrorHandler((thrown: FastifyError | Error, request, reply) => {
    logFailure(thrown, request)
    request.server.noteError(explain(thrown))
    // Connections that wait for a next request are files too, and the first that can be spared.
    if (areTooManyFiles(thrown)) app.server.closeIdleConnections()
    sendProblem(explain(thrown), request, reply)
  })
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is no ${request.method} ${request.url.split('?')[0]}. The calls are listed at /openapi.json.`
    const error = new LookalikeError('not_found', detail)
    request.server.noteError(error)
    sendProblem(error, request, reply)
  })
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

/** For URLs that the router refuses before there is a route: badly encoded, or too long a part. */
export function refuseUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  request.server.noteError(explain(error))
  sendProblem(explain(error), request, reply)
}

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

function sendProblem(error: LookalikeError, request: FastifyRequest, reply: FastifyReply): void {
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter)
  const body = JSON.stringify(toProblem(error, request.id))
  // Sent as a string: a problem must not be able to fail its own serialisation.
  reply.code(error.status).type('application/problem+json').serializer(String).send(body)
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
