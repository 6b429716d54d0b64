import { libraryMap, mapParameters, notModified } from '@lookalike/contract'
import fresh from 'fresh'
import { mapSize } from '../../library/map/projection.ts'
import type { App } from '../app-type.ts'
import { change } from '../openapi/errors.ts'
import type { Services } from '../services.ts'

/** The library in two dimensions. */
export function mapRoutes(app: App, { map }: Services): void {
  app.get(
    '/api/map',
    {
      schema: {
        summary: 'Where each image lies in a map by likeness',
        operationId: 'getMap',
        tags: ['Library'],
        description:
          'It is laid out in the background once it is asked for, and brought up to date when it is asked for again: ' +
          'ask until `phase` is `ready`. With `If-None-Match` an unchanged page is 304.',
        querystring: mapParameters,
        response: { 200: libraryMap, 304: notModified },
      },
      config: { scope: 'read', kind: 'search', errors: change },
    },
    async (request, reply) => {
      const { cursor = '', limit } = request.query
      const { places, nextCursor, phase, ...state } = await map.page(cursor, limit)
      // A cursor may be any text, which a header may not.
      const after = Buffer.from(cursor).toString('base64url')
      const etag = `W/"${[state.version, phase, state.placed, state.images, limit, after].join('.')}"`
      reply.headers({ etag, 'cache-control': 'private, no-cache' })
      const known = { 'if-none-match': request.headers['if-none-match'] }
      if (fresh(known, { etag })) return reply.code(304).send()
      return {
        ...state,
        phase,
        size: mapSize,
        ids: places.map(({ id }) => id),
        versions: places.map(({ file }) => (file === '' ? null : file)),
        x: places.map(({ x }) => x),
        y: places.map(({ y }) => y),
        next_cursor: nextCursor,
      }
    },
  )
}
