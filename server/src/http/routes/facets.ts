import { facetKey, facetParameters, facets } from '@lookalike/contract'
import type { App } from '../app-type.ts'
import { filtered } from '../openapi/errors.ts'
import type { Services } from '../services.ts'

export function facetRoutes(app: App, { deps }: Services): void {
  app.get(
    '/api/facets/:key',
    {
      schema: {
        summary: 'Values of a metadata key and how many images have each',
        operationId: 'countValues',
        tags: ['Library'],
        params: facetKey,
        querystring: facetParameters,
        response: { 200: facets },
      },
      config: { scope: 'read', kind: 'search', errors: filtered },
    },
    async ({ params: { key }, query: { limit, filter } }) => ({
      key,
      values: await deps.store.facets(key, limit, filter),
    }),
  )
}
