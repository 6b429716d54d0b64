import type { FastifyInstance } from 'fastify'
import { withoutBlanks } from './read-parameters.ts'

/**
 * Takes blank parameters out of the addresses that are read: a form sends all its inputs, and one left
 * empty says nothing. Not of those that change something: there, `?dry_run` must not mean the opposite.
 */
export function blankQueries(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return
    request.query = withoutBlanks(request.query as Record<string, unknown>)
  })
}
