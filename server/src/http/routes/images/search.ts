import type { FastifyRequest } from 'fastify'
import { searchByImage, searchByText, searchLikeRecord } from '../../../usecases/search.ts'
import { Stages, type StageListener } from '../../../usecases/stages.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { sendEventStream, wantsEvents } from '../../event-stream.ts'
import { idParameter, readParameters, searchParameters, textSearchBody } from '../../parameters.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../present.ts'
import { searchResponse } from '../../schemas.ts'
import type { Services } from '../../services.ts'

export function searchRoutes(app: App, services: Services): void {
  const { parts, uploads } = services
  const present = (request: FastifyRequest) => presenterFor(request, services.publicUrl)

  app.post(
    '/api/images/search-similar',
    {
      ...worksOnPicture,
      schema: {
        summary: 'Find images that look like an uploaded one',
        description:
          'multipart/form-data: `image_file`, `limit`, `score_threshold`, `filter`. ' +
          'With `Accept: text/event-stream`, one `stage` event per stage, then `result` or `error`.',
        consumes: ['multipart/form-data'],
        response: { 200: searchResponse },
      },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = new Stages()
      stages.begin('receive')
      const received = await uploads.receive(request)
      const search = async (onStage?: StageListener) => {
        try {
          const options = readParameters(searchParameters, received.fields)
          if (onStage) stages.listen(onStage)
          const outcome = await searchByImage(
            parts,
            received.upload,
            { ...options, scoreThreshold: options.score_threshold },
            stages,
            signal,
          )
          return present(request).search(outcome, parts.embedder.id, stages.finish())
        } finally {
          await received.discard()
        }
      }
      if (!wantsEvents(request)) return search()
      return sendEventStream(request, reply, (send) =>
        search((stage, elapsed_ms) => send('stage', { stage, elapsed_ms })),
      )
    },
  )

  app.post(
    '/api/images/search-text',
    {
      ...worksOnPicture,
      schema: {
        summary: 'Find images that a text describes',
        body: textSearchBody,
        response: { 200: searchResponse },
      },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = new Stages()
      const { query, score_threshold: scoreThreshold, ...rest } = request.body
      const options = { ...rest, scoreThreshold }
      const outcome = await searchByText(parts, query, options, stages, signal)
      return present(request).search(outcome, parts.embedder.id, stages.finish())
    },
  )

  app.get(
    '/api/images/:id/similar',
    {
      schema: {
        summary: 'Find images that look like an indexed one',
        params: idParameter,
        querystring: searchParameters,
        response: { 200: searchResponse },
      },
    },
    async (request) => {
      const stages = new Stages()
      const options = { ...request.query, scoreThreshold: request.query.score_threshold }
      const outcome = await searchLikeRecord(parts, request.params.id, options, stages)
      return present(request).search(outcome, parts.embedder.id, stages.finish())
    },
  )
}
