import { removeImage, setMetadata } from '../../../library/editing/edit.ts'
import { unknownImage } from '../../../library/missing.ts'
import { setDescription } from '../../../library/editing/set-description.ts'
import {
  descriptionRequest,
  idParameter,
  imageRecord,
  indexResponse,
  metadataRequest,
  noContent,
} from '@lookalike/contract'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { change, files, models, store } from '../../openapi/errors.ts'
import { timeStages } from '../../plugins/measuring.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../answers/present.ts'
import type { Services } from '../../services.ts'
import { snakeCased } from '../../answers/snake-case.ts'

/** One image of the library. */
export function recordRoutes(app: App, { deps, publicUrl }: Services): void {
  app.get(
    '/api/images/:id',
    {
      schema: {
        summary: 'One record',
        operationId: 'getImage',
        tags: ['Images'],
        params: idParameter,
        response: { 200: imageRecord },
      },
      config: { scope: 'read', errors: [...store, 'not_found'] },
    },
    async (request) => {
      const [record] = await deps.store.get([request.params.id])
      if (!record) throw unknownImage(request.params.id)
      return presenterFor(request, publicUrl).record(record)
    },
  )

  app.patch(
    '/api/images/:id',
    {
      schema: {
        summary: 'Replace the metadata of an image',
        operationId: 'setMetadata',
        tags: ['Images'],
        params: idParameter,
        body: metadataRequest,
        response: { 200: imageRecord },
      },
      config: { scope: 'write', errors: [...change, 'not_found'] },
    },
    async (request) => {
      const record = await setMetadata(deps, request.params.id, request.body.metadata)
      return presenterFor(request, publicUrl).record(record)
    },
  )

  app.put(
    '/api/images/:id/description',
    {
      schema: {
        summary: 'Describe an image in your own words',
        operationId: 'setDescription',
        tags: ['Images'],
        description:
          'Where the embedder reads descriptions, its vector is made anew of them, which may ask a model; else they are kept beside what was measured.',
        params: idParameter,
        body: descriptionRequest,
        response: { 200: indexResponse },
      },
      config: {
        scope: 'write',
        ...worksOnPicture,
        errors: [...models, ...change, 'not_found'],
      },
    },
    async (request, reply) => {
      const stages = timeStages(reply)
      const { id } = request.params
      const { description } = request.body
      const run = { stages, signal: abortWhenGone(reply) }
      const { record, cached, usage } = await setDescription(deps, id, description, run)
      const presented = presenterFor(request, publicUrl).record(record)
      return { ...presented, cached, usage: snakeCased(usage), timings_ms: stages.finish() }
    },
  )

  app.delete(
    '/api/images/:id',
    {
      schema: {
        summary: 'Delete an image and its file',
        operationId: 'deleteImage',
        tags: ['Images'],
        params: idParameter,
        response: { 204: noContent },
      },
      config: { scope: 'write', errors: [...change, ...files, 'not_found'] },
    },
    async (request, reply) => {
      await removeImage(deps, request.params.id)
      return reply.code(204).send()
    },
  )
}
