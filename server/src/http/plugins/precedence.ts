import type { FastifyInstance } from 'fastify'
import { answered, goFirst } from '../../yield-to-others.ts'

/** What somebody waits for goes before long work, whose routes say so themselves by working in slices. */
export function precedence(app: FastifyInstance): void {
  // Behind whatever reads a body, for that ends in a context of its own.
  app.addHook('preHandler', (_request, { raw }, done) => {
    raw.once('close', () => answered(raw))
    goFirst(raw, done)
  })
}
