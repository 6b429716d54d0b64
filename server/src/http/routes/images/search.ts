import {
  idParameter,
  jsonLdDocument,
  searchEvents,
  searchForm,
  searchParameters,
  searchResponse,
  textSearchRequest,
} from '@lookalike/contract'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { searchLibrary, type SearchOptions } from '../../../library/searching/search.ts'
import { searchByText } from '../../../library/searching/search-by-text.ts'
import type { StageListener } from '../../../library/stages.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { sendEventStream, wantsEvents } from '../../answers/event-stream.ts'
import { jsonLd, sendResults } from '../../answers/json-ld.ts'
import { graphQuery, models, picture, store } from '../../openapi/errors.ts'
import { timeStages } from '../../plugins/measuring.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../answers/present.ts'
import { readParameters } from '../../bodies/read-parameters.ts'
import type { Services } from '../../services.ts'

const asJsonLd = { [jsonLd]: jsonLdDocument }
const errors = [...store, ...graphQuery] as const

export function searchRoutes(app: App, services: Services): void {
  const { deps, uploads, downloader } = services
  const present = (request: FastifyRequest) => presenterFor(request, services.publicUrl)

  app.post(
    '/api/images/search-similar',
    {
      schema: {
        summary: 'Find images that look like an uploaded one',
        operationId: 'searchSimilar',
        tags: ['Search'],
        description:
          'The picture is `image_file`, or fetched from `image_url`. ' +
          'With `Accept: text/event-stream`, one `stage` event per stage, then `result` or `error`. ' +
          'With `Accept: application/ld+json`, the results as JSON-LD.',
        response: { 200: searchResponse },
      },
      config: {
        scope: 'read',
        ...worksOnPicture,
        kind: 'upload',
        form: searchForm,
        sends: { ...asJsonLd, 'text/event-stream': searchEvents },
        errors: [...picture, ...models, ...errors],
      },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = timeStages(reply)
      stages.begin('receive')
      const received = await uploads.receiveOrFetch(request, downloader, signal)
      const search = async (onStage?: StageListener) => {
        try {
          const options = readParameters(searchParameters, received.fields)
          if (onStage) stages.listen(onStage)
          const outcome = await searchLibrary(
            deps,
            { upload: received.upload },
            searchOptions(options),
            { stages, signal },
          )
          return present(request).search(outcome, deps.embedder.id, stages.finish())
        } finally {
          await received.discard()
        }
      }
      if (!wantsEvents(request)) return sendResults(request, reply, await search())
      return sendEventStream(request, reply, (send) =>
        search((stage, elapsed_ms) => send('stage', { stage, elapsed_ms })),
      )
    },
  )

  app.post(
    '/api/images/search-text',
    {
      schema: {
        summary: 'Find images that a text describes',
        operationId: 'searchByText',
        tags: ['Search'],
        body: textSearchRequest,
        response: { 200: searchResponse },
      },
      config: {
        scope: 'read',
        ...worksOnPicture,
        kind: 'search',
        sends: asJsonLd,
        errors: [...models, ...errors, 'unknown_words'],
      },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = timeStages(reply)
      const options = searchOptions(request.body)
      const outcome = await searchByText(deps, request.body.query, options, { stages, signal })
      const answer = present(request).search(outcome, deps.embedder.id, stages.finish())
      return sendResults(request, reply, answer)
    },
  )

  app.get(
    '/api/images/:id/similar',
    {
      schema: {
        summary: 'Find images that look like an indexed one',
        operationId: 'findSimilar',
        tags: ['Search'],
        params: idParameter,
        querystring: searchParameters,
        response: { 200: searchResponse },
      },
      config: { scope: 'read', kind: 'search', sends: asJsonLd, errors: [...errors, 'not_found'] },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = timeStages(reply)
      const options = searchOptions(request.query)
      const query = { likeId: request.params.id }
      const outcome = await searchLibrary(deps, query, options, { stages, signal })
      const answer = present(request).search(outcome, deps.embedder.id, stages.finish())
      return sendResults(request, reply, answer)
    },
  )
}

/** The same options, whether they came as text or as JSON. */
function searchOptions(
  given: Omit<z.output<typeof textSearchRequest>, 'query'> | z.output<typeof searchParameters>,
): SearchOptions {
  const { limit, filter, sparql } = given
  const { score_threshold: scoreThreshold, hide_duplicates: hideDuplicates } = given
  const { min_match: minMatch, cut } = given
  const ranking = 'ranking' in given ? given.ranking : undefined
  return { limit, filter, sparql, scoreThreshold, hideDuplicates, minMatch, cut, ranking }
}
