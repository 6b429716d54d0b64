import { health } from '@lookalike/contract'
import { healthReport, storeHealth } from '../../health/report.ts'
import type { App } from '../app-type.ts'
import { healthDeps } from '../health-deps.ts'
import type { Services } from '../services.ts'
import { snakeCased } from '../answers/snake-case.ts'

/** How well it runs. */
export function healthRoutes(app: App, services: Services): void {
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
      const report = await healthReport(healthDeps(services))
      reply.code(report.status === 'unavailable' ? 503 : 200)
      return snakeCased(report)
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
      const { status, detail } = services.phase.isStopping
        ? { status: 'unavailable', detail: 'Lookalike is stopping: send requests elsewhere.' }
        : await storeHealth(services.deps.store)
      reply.code(status === 'unavailable' ? 503 : 200)
      return { status, detail }
    },
  )
}
