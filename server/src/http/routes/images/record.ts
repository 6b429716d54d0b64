import { removeImage, setMetadata, unknownImage } from '../../../library/edit.ts'
import { idParameter, imageRecord, metadataRequest, noContent } from '@lookalike/contract'
import type { App } from '../../app-type.ts'
import { presenterFor } from '../../present.ts'
import type { Services } from '../../services.ts'

/** One image of the library. */
export function recordRoutes(app: App, { deps, publicUrl }: Services): void {
  app.get(
    '/api/images/:id',
    {
      schema: { summary: 'One record', params: idParameter, response: { 200: imageRecord } },
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
        params: idParameter,
        body: metadataRequest,
        response: { 200: imageRecord },
      },
    },
    async (request) => {
      const record = await setMetadata(deps, request.params.id, request.body.metadata)
      return presenterFor(request, publicUrl).record(record)
    },
  )

  app.delete(
    '/api/images/:id',
    {
      schema: {
        summary: 'Delete an image and its file',
        params: idParameter,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      await removeImage(deps, request.params.id)
      return reply.code(204).send()
    },
  )
}
