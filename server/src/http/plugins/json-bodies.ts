import { JsonError, parseJson } from '@lookalike/contract'
import type { FastifyInstance } from 'fastify'
import { LookalikeError } from '../../errors.ts'

/**
 * Reads JSON bodies as `parseJson` does. An empty body is none, whatever its content type says: many
 * clients name one with every request.
 */
export function jsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      const text = decode(body as Buffer)
      done(null, text.trim() === '' ? undefined : parseJson(text))
    } catch (error) {
      if (error instanceof LookalikeError) done(error)
      else done(new LookalikeError('invalid_parameter', `${explainJson(error)}.`))
    }
  })
}

/** @throws anything but a `JsonError` again */
export function explainJson(error: unknown): string {
  if (!(error instanceof JsonError)) throw error
  return `${error.path.join('.') || 'body'}: ${error.message}`
}

/** UTF-8, with or without a byte order mark, which is no part of the text. */
function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new LookalikeError('invalid_parameter', 'The body is not UTF-8: send JSON in UTF-8.')
  }
}
