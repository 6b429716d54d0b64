import type { FastifyReply } from 'fastify'

/** Aborted when the caller leaves before it has its answer, so that nobody works for nobody. */
export function abortWhenGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the caller has left'))
  })
  return controller.signal
}
