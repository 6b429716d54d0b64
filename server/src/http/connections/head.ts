import { Readable } from 'node:stream'
import type { FastifyInstance, onSendHookHandler } from 'fastify'

/**
 * Answers HEAD with the headers of GET, and reads nothing for it: Fastify would pump a whole export or
 * file into nowhere, and call an answer without a body one of length 0.
 */
export function headAnswers(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.method === 'HEAD') route.onSend = headersOnly
  })
}

const headersOnly: onSendHookHandler = async (_request, reply, payload) => {
  if (payload instanceof Readable) payload.on('error', () => {}).destroy()
  else if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
    reply.header('content-length', Buffer.byteLength(payload))
  }
  return null
}
