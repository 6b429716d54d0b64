import {
  foundImages,
  imagePage,
  listParameters,
  lookupRequest,
  outlinePage,
  outlineParameters,
  removal,
  removalParameters,
} from '@lookalike/contract'
import { findDuplicates } from '../../../library/duplicates/find-duplicates.ts'
import { previewRemoval, removeMatching } from '../../../library/editing/edit.ts'
import { knownFiles } from '../../../library/transfer/known-files.ts'
import { listFilter } from '../../../library/list.ts'
import { abortWhenGone } from '../../abort.ts'
import { noteChanged } from '../../access/audit.ts'
import type { App } from '../../app-type.ts'
import { change, files, filtered, store } from '../../openapi/errors.ts'
import { fileVersion, presenterFor } from '../../answers/present.ts'
import type { Services } from '../../services.ts'
import type { PageRequest } from '../../../stores/image-store.ts'
import type { z } from 'zod'
import { toWireDuplicate } from '../../answers/wire-change.ts'

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
      const asked = pageRequest(request.query)
      const page = await deps.store.list(asked)
      const total = request.query.total && (await deps.store.count(asked.filter))
      const duplicates = await findDuplicates(deps, page.records)
      const presenter = presenterFor(request, publicUrl)
      return {
        images: page.records.map((record) => ({
          ...presenter.record(record),
          duplicate_of: toWireDuplicate(duplicates.get(record.id), record.file),
        })),
        next_cursor: page.nextCursor,
        ...(total !== false && { total }),
      }
    },
  )

  app.get(
    '/api/images/outline',
    {
      schema: {
        summary: 'The shapes of many images at once, to lay out a page of all',
        operationId: 'outlineImages',
        tags: ['Images'],
        description:
          'The same list by columns, up to 10,000 images a page: a wall of 100,000 pictures has its places, its ' +
          'blurred colours and the addresses of its thumbnails (`/api/images/{id}/thumbnail?v={version}`) in ten requests.',
        querystring: outlineParameters,
        response: { 200: outlinePage },
      },
      config: { scope: 'read', kind: 'search', errors: filtered },
    },
    async (request) => {
      const asked = pageRequest(request.query)
      const { outlines, nextCursor } = await deps.store.outline(asked)
      const total = request.query.total && (await deps.store.count(asked.filter))
      return {
        ids: outlines.map(({ id }) => id),
        versions: outlines.map(({ file }) =>
          file && !file.missing ? fileVersion(file.sha256) : null,
        ),
        widths: outlines.map(({ file }) => file?.width ?? null),
        heights: outlines.map(({ file }) => file?.height ?? null),
        thumbhashes: outlines.map(({ file }) => file?.thumbhash ?? null),
        next_cursor: nextCursor,
        ...(total !== false && { total }),
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

function pageRequest(query: z.output<typeof listParameters>): PageRequest {
  const { limit, cursor, sort } = query
  const filter = listFilter(query.filter, query.q)
  return {
    limit,
    ...(cursor !== undefined && { cursor }),
    ...(filter && { filter }),
    ...(sort && { order: sort }),
  }
}
