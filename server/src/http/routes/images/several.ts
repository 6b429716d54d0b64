import { deletion, deletionRequest, metadataPatch, patchedMetadata } from '@lookalike/contract'
import { patchMetadata, removeMany } from '../../../library/editing/edit-many.ts'
import { abortWhenGone } from '../../abort.ts'
import { noteChanged } from '../../access/audit.ts'
import type { App } from '../../app-type.ts'
import { change, files } from '../../openapi/errors.ts'
import type { Services } from '../../services.ts'

/** Several images of the library at once, by their ids. */
export function severalRoutes(app: App, { deps }: Services): void {
  app.patch(
    '/api/images',
    {
      schema: {
        summary: 'Change the metadata of several images',
        operationId: 'patchMetadata',
        tags: ['Images'],
        description:
          'Merged into what each has. Where it fails midway, what was written stays; send it again, which does the rest.',
        body: metadataPatch,
        response: { 200: patchedMetadata },
      },
      config: { scope: 'write', errors: change },
    },
    async (request, reply) => {
      const { ids, metadata } = request.body
      noteChanged(request, ids)
      return { images: await patchMetadata(deps, ids, metadata, abortWhenGone(reply)) }
    },
  )

  app.post(
    '/api/images/delete',
    {
      schema: {
        summary: 'Delete several images and their files',
        operationId: 'deleteSeveral',
        tags: ['Images'],
        body: deletionRequest,
        response: { 200: deletion },
      },
      config: { scope: 'write', errors: [...change, ...files] },
    },
    async (request) => {
      noteChanged(request, request.body.ids)
      return { images: await removeMany(deps, request.body.ids) }
    },
  )
}
