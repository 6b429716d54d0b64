import type { FastifyReply } from 'fastify'

/** Aborted when the caller leaves before it has its answer, so that no work is done for nothing. */
export function abortWhenGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the caller has left'))
  })
  return controller.signal
}
