import { imageFormats } from '../../images/image.ts'
import type { App } from '../app-type.ts'
import { health, info } from '../schemas.ts'
import type { Services } from '../services.ts'

/** What runs here, and how well. */
export function serviceRoutes(app: App, services: Services): void {
  const { parts } = services
  const { embedder, store, files } = parts

  app.get(
    '/api/info',
    { schema: { summary: 'What runs here', response: { 200: info } } },
    async () => ({
      name: 'lookalike',
      version: services.version,
      embedder: { id: embedder.id, dimensions: embedder.dimensions, ...embedder.capabilities },
      store: services.storeName,
      graph: services.graphName,
      images: await store.count().catch(() => null),
      limits: {
        max_upload_mb: services.maxUploadMegabytes,
        max_megapixels: parts.maxMegapixels,
        formats: [...imageFormats],
      },
    }),
  )

  app.get(
    '/api/health',
    { schema: { summary: 'How well it runs', response: { 200: health, 503: health } } },
    async (_request, reply) => {
      const [storeHealth, filesHealth] = await Promise.all([store.health(), files.health()])
      reply.code(storeHealth.status === 'unavailable' ? 503 : 200)
      const graph = services.graphHealth?.()
      // Without its files a library is still searched: less than well, but not gone.
      const withoutFiles = storeHealth.status === 'ok' && filesHealth.status !== 'ok'
      return {
        status: withoutFiles ? ('degraded' as const) : storeHealth.status,
        checks: { store: storeHealth, files: filesHealth, ...(graph && { graph }) },
      }
    },
  )

  // For supervisors: alive as long as it answers; ready when a search could be answered.
  app.get('/livez', { schema: { hide: true } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const { status, detail } = await store.health()
    reply.code(status === 'unavailable' ? 503 : 200)
    return { status, detail }
  })
}
