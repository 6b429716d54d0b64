import type { FastifyInstance, HTTPMethods } from 'fastify'
import { LookalikeError } from '../../errors.ts'

/**
 * Lets a known path answer the methods that it has not: 405, with those that it has in `Allow`. To be called
 * before there are routes; what it returns, after them.
 */
export function otherMethods(app: FastifyInstance): () => void {
  const paths = new Set<string>()
  app.addHook('onRoute', ({ url }) => void paths.add(url))
  return () => {
    const methods = app.supportedMethods as HTTPMethods[]
    // One with a wildcard is where everything goes that has no path of its own.
    for (const url of [...paths].filter((path) => !path.includes('*'))) {
      const known = methods.filter((method) => app.hasRoute({ url, method }))
      const allow = known.toSorted().join(', ')
      app.route({
        url,
        method: methods.filter((method) => !known.includes(method)),
        schema: { hide: true },
        config: { scope: 'read' },
        // Before anything is read of a body, for which there is no type.
        onRequest: async (request, reply) => {
          reply.header('allow', allow)
          throw new LookalikeError(
            'method_not_allowed',
            `There is no ${request.method} here: this path takes ${allow}.`,
          )
        },
        handler: () => {},
      })
    }
  }
}
