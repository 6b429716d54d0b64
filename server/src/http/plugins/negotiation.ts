import accepts from '@fastify/accepts'
import type { FastifyInstance } from 'fastify'

const parameter = /\s*;\s*(?!q\s*=)[^\s;,=]+\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,]*)/gi

/** Lets requests say what they accept; see `negotiate`. */
export async function negotiation(app: FastifyInstance): Promise<void> {
  await app.register(accepts)
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    // A charset, version or profile narrows what is asked for, and none of the formats here has several:
    // with it, a type would not be recognised.
    if (headers.accept) headers.accept = headers.accept.replace(parameter, '')
  })
}
