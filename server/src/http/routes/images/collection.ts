import {
  foundImages,
  imagePage,
  listParameters,
  lookupRequest,
  removal,
  removalParameters,
} from '@lookalike/contract'
import { findDuplicates } from '../../../library/duplicates/find-duplicates.ts'
import { previewRemoval, removeMatching } from '../../../library/edit.ts'
import { knownFiles } from '../../../library/known-files.ts'
import { abortWhenGone } from '../../abort.ts'
import { noteChanged } from '../../access/audit.ts'
import type { App } from '../../app-type.ts'
import { change, files, filtered, store } from '../../openapi/errors.ts'
import { presenterFor } from '../../present.ts'
import type { Services } from '../../services.ts'

/** The images of the library together. */
export function collectionRoutes(app: App, { deps, publicUrl }: Services): void {
  app.get(
    '/api/images',
    {
      schema: {
        summary: 'List the library, page by page',
        operationId: 'listImages',
        tags: ['Images'],
        querystring: listParameters,
        response: { 200: imagePage },
      },
      config: { scope: 'read', kind: 'search', errors: filtered },
    },
    async (request) => {
      const page = await deps.store.list(request.query)
      const duplicates = await findDuplicates(deps, page.records)
      const presenter = presenterFor(request, publicUrl)
      return {
        images: page.records.map((record) => ({
          ...presenter.record(record),
          duplicate_of: duplicates.get(record.id) ?? null,
        })),
        next_cursor: page.nextCursor,
      }
    },
  )

  app.delete(
    '/api/images',
    {
      schema: {
        summary: 'Delete every image that passes a filter',
        operationId: 'deleteImages',
        tags: ['Images'],
        description: 'With `dry_run=true` nothing is deleted, and the answer says what would be.',
        querystring: removalParameters,
        response: { 200: removal },
      },
      config: { scope: 'write', kind: 'search', errors: [...change, ...files, 'unsupported'] },
    },
    async (request, reply) => {
      const { filter, dry_run } = request.query
      const outcome = dry_run
        ? await previewRemoval(deps, filter)
        : await removeMatching(deps, filter, abortWhenGone(reply), (ids) =>
            noteChanged(request, ids),
          )
      const presenter = presenterFor(request, publicUrl)
      return { ...outcome, dry_run, sample: outcome.sample.map((each) => presenter.record(each)) }
    },
  )

  app.post(
    '/api/images/lookup',
    {
      schema: {
        summary: 'Which files are already indexed, by content hash',
        operationId: 'lookUpFiles',
        tags: ['Images'],
        description:
          'Several records may share a file. One whose `image_url` is null was imported without it, or lost it: send it again.',
        body: lookupRequest,
        response: { 200: foundImages },
      },
      config: { scope: 'read', kind: 'search', errors: store },
    },
    async (request) => {
      const records = await knownFiles(deps, request.body.sha256)
      const presenter = presenterFor(request, publicUrl)
      return { images: records.map((record) => presenter.record(record)) }
    },
  )
}
