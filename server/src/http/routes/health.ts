import { health } from '@lookalike/contract'
import type { LibraryInUse } from '../../library/in-use/library-in-use.ts'
import type { App } from '../app-type.ts'
import type { Services } from '../services.ts'

/** How well it runs. */
export function healthRoutes(app: App, services: Services): void {
  const { deps, library } = services
  const { store, files } = deps

  app.get(
    '/api/health',
    {
      schema: {
        summary: 'How well it runs',
        operationId: 'getHealth',
        tags: ['Server'],
        response: { 200: health, 503: health },
      },
      config: { scope: 'read' },
    },
    async (_request, reply) => {
      const [storeHealth, filesHealth] = await Promise.all([store.health(), files.health()])
      reply.code(storeHealth.status === 'unavailable' ? 503 : 200)
      const graph = services.graphHealth?.()
      // Without its files a library is still searched: less than well, but not gone.
      const previous = previousLibrary(library)
      const shortage = services.disk.shortage()
      const disk = shortage === null ? undefined : { status: 'degraded' as const, detail: shortage }
      const lost = services.lostLibrary
      const isWell = filesHealth.status === 'ok' && !previous && !disk && !lost
      const isLess = storeHealth.status === 'ok' && !isWell
      return {
        status: isLess ? ('degraded' as const) : storeHealth.status,
        checks: {
          store: lost ?? storeHealth,
          files: filesHealth,
          ...(disk && { disk }),
          ...(previous && { embedder: previous }),
          ...(graph && { graph }),
        },
      }
    },
  )

  // For supervisors: alive as long as it answers; ready when a search could be answered.
  app.get('/livez', { config: { open: true }, schema: { hide: true } }, async () => ({
    status: 'ok',
  }))
  app.get(
    '/readyz',
    { config: { open: true }, schema: { hide: true } },
    async (_request, reply) => {
      const { status, detail } = await store.health()
      reply.code(status === 'unavailable' ? 503 : 200)
      return { status, detail }
    },
  )
}

/** Undefined unless the settings name another embedder than the one that made the library. */
function previousLibrary({ embedder, target }: LibraryInUse) {
  if (embedder.id === target.id) return undefined
  return {
    status: 'degraded' as const,
    detail:
      `The library was made by ${embedder.id} and goes on with it; the settings name ${target.id}. ` +
      'Run `lookalike reindex` to make it over, or set EMBEDDER and its settings as they were.',
  }
}
