import accepts from '@fastify/accepts'
import type { FastifyInstance } from 'fastify'

const parameter = /\s*;\s*(?!q\s*=)[^\s;,=]+\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,]*)/gi

/** Lets requests say what they accept, see `negotiate`; and names JSON as its standard does. */
export async function negotiation(app: FastifyInstance): Promise<void> {
  await app.register(accepts)
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    // A charset, version or profile narrows what is asked for, and none of the formats here has several:
    // with it, a type would not be recognised.
    if (headers.accept) headers.accept = headers.accept.replace(parameter, '')
  })
  // JSON has no charset (RFC 8259, 11), and clients that choose among answers compare the type as it is described.
  app.addHook('onSend', async (_request, reply) => {
    const type = reply.getHeader('content-type')
    if (type === 'application/json; charset=utf-8') reply.header('content-type', 'application/json')
  })
}
