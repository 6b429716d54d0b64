import type { FastifyRequest } from 'fastify'
import { LookalikeError } from '../../errors.ts'
import type { App } from '../app-type.ts'
import { isLoopback } from '../../starting/address.ts'
import type { Metrics } from '../metrics/metrics.ts'

/**
 * Metrics in Prometheus' text format. They say how large a library is and what it costs, so they are for whoever has
 * a key; where there are no keys, for this machine alone.
 */
export function metricsRoute(app: App, metrics: Metrics, isKeyed: () => boolean): void {
  app.get(
    '/metrics',
    { config: { scope: 'read' }, schema: { hide: true } },
    async (request, reply) => {
      if (!isKeyed() && !isFromHere(request)) {
        throw new LookalikeError(
          'unauthorized',
          'Without API_KEYS, metrics are for programs on the machine that Lookalike runs on.',
        )
      }
      reply.header('cache-control', 'no-store').type(metrics.contentType)
      return metrics.text()
    },
  )
}

/** A proxy on this machine passes requests on from anywhere: it says so, and only one that is believed is read. */
function isFromHere({ ip, headers }: FastifyRequest): boolean {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  return isLoopback(ip) && !isForwarded
}
