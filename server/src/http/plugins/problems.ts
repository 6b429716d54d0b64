import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { areTooManyFiles, LookalikeError } from '../../errors.ts'
import { explain, logFailure, toProblem } from '../problem.ts'

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

/** For URLs that the router refuses before there is a route: badly encoded, or too long a part. */
export function refuseUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  request.server.noteError(explain(error))
  sendProblem(explain(error), request, reply)
}

function sendProblem(error: LookalikeError, request: FastifyRequest, reply: FastifyReply): void {
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter)
  const body = JSON.stringify(toProblem(error, request.id))
  // Sent as a string: a problem must not be able to fail its own serialisation.
  reply.code(error.status).type('application/problem+json').serializer(String).send(body)
}
