import { snapshot, snapshotParameters } from '@lookalike/contract'
import { LookalikeError } from '../../errors.ts'
import type { App } from '../app-type.ts'
import { change } from '../openapi/errors.ts'
import type { Services } from '../services.ts'

/** Backups of the library, taken while it is in use. */
export function snapshotRoutes(app: App, { deps, storeName, graphName }: Services): void {
  app.post(
    '/api/snapshots',
    {
      schema: {
        summary:
          'Copy the library, consistently, into DATA_DIR/snapshots, or where Qdrant keeps its snapshots',
        operationId: 'takeSnapshot',
        tags: ['Library'],
        querystring: snapshotParameters,
        response: { 201: snapshot },
      },
      config: { scope: 'admin', kind: 'export', errors: [...change, 'unsupported'] },
    },
    async ({ query }, reply) => {
      const isGraph = query.of === 'graph'
      const part = isGraph ? deps.graph : deps.store
      if (!part.snapshot) {
        const [what, name] = isGraph ? ['graph', graphName] : ['library', storeName]
        throw new LookalikeError(
          'unsupported',
          `The ${what} is kept by ${name}, which makes its own backups: use its snapshots.`,
        )
      }
      reply.code(201)
      return part.snapshot()
    },
  )
}
