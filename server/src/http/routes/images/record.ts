import { removeImage, setMetadata, unknownImage } from '../../../library/edit.ts'
import { idParameter, imageRecord, metadataRequest, noContent } from '@lookalike/contract'
import type { App } from '../../app-type.ts'
import { change, files, store } from '../../openapi/errors.ts'
import { presenterFor } from '../../present.ts'
import type { Services } from '../../services.ts'

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
