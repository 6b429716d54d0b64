import type { FastifyReply, FastifyRequest } from 'fastify'

/** Turns requests that were answered into traces, and sends these. */
export interface Tracing {
  record(request: FastifyRequest, reply: FastifyReply): void
  /** Sends what is left; a collector that does not answer is not waited for. */
  close(): Promise<void>
}
