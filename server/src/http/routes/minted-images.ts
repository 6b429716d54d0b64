import { sha256 } from '@lookalike/contract'
import { z } from 'zod'
import { unknownImage } from '../../library/missing.ts'
import type { App } from '../app-type.ts'
import type { Services } from '../services.ts'

/** Records minted here have URIs that lead to their picture. */
export function mintedImageRoutes(app: App, { deps }: Services): void {
  app.get(
    '/images/:sha256',
    { config: { scope: 'read' }, schema: { hide: true, params: z.object({ sha256 }) } },
    async (request, reply) => {
      const [record] = await deps.store.findByContentHash([request.params.sha256])
      if (!record) throw unknownImage(request.params.sha256)
      // Relative: a proxy may serve us below a path.
      return reply.redirect(`../api/images/${record.id}/file`)
    },
  )
}
