import { info } from '@lookalike/contract'
import { imageFormats } from '../../images/image.ts'
import type { App } from '../app-type.ts'
import type { Services } from '../services.ts'

export function infoRoutes(app: App, services: Services): void {
  const { deps, library } = services

  app.get(
    '/api/info',
    {
      schema: {
        summary: 'What runs here',
        operationId: 'getInfo',
        tags: ['Server'],
        response: { 200: info },
      },
      config: { scope: 'read' },
    },
    async ({ caller }) => {
      const { id, dimensions, capabilities } = deps.embedder
      return {
        name: 'lookalike',
        version: services.version,
        embedder: { id, dimensions, ...capabilities },
        target_embedder: library.target.id,
        store: services.storeName,
        graph: services.graphName,
        images: await deps.store.count().catch(() => null),
        signed_in: caller?.signedIn ?? false,
        limits: {
          max_upload_mb: services.maxUploadMegabytes,
          max_megapixels: services.maxMegapixels,
          formats: [...imageFormats],
        },
      }
    },
  )
}
