import { snapshot } from '@lookalike/contract'
import { LookalikeError } from '../../errors.ts'
import type { App } from '../app-type.ts'
import { change } from '../openapi/errors.ts'
import type { Services } from '../services.ts'

/** Backups of the library, taken while it is in use. */
export function snapshotRoutes(app: App, { deps, storeName }: Services): void {
  app.post(
    '/api/snapshots',
    {
      schema: {
        summary:
          'Copy the library, consistently, into DATA_DIR/snapshots, or where Qdrant keeps its snapshots',
        operationId: 'takeSnapshot',
        tags: ['Library'],
        response: { 201: snapshot },
      },
      config: { scope: 'admin', kind: 'export', errors: [...change, 'unsupported'] },
    },
    async (_request, reply) => {
      if (!deps.store.snapshot) {
        throw new LookalikeError(
          'unsupported',
          `The library is kept by ${storeName}, which makes its own backups: use its snapshots.`,
        )
      }
      reply.code(201)
      return deps.store.snapshot()
    },
  )
}
