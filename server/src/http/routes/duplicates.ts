import { duplicateGroupPage, groupParameters } from '@lookalike/contract'
import { abortWhenGone } from '../abort.ts'
import type { App } from '../app-type.ts'
import { store } from '../openapi/errors.ts'
import { presenterFor } from '../answers/present.ts'
import type { ImageRecord } from '../../records/record.ts'
import { toWireChange } from '../answers/wire-change.ts'
import type { Services } from '../services.ts'

export function duplicateRoutes(app: App, { deps, publicUrl }: Services): void {
  const isIdentical = (a: ImageRecord, b: ImageRecord) => a.file?.sha256 === b.file?.sha256
  const changeBetween = (a: ImageRecord, b: ImageRecord) =>
    a.file && b.file ? deps.copies.known.between(a.file.sha256, b.file.sha256) : null
  app.get(
    '/api/duplicates',
    {
      schema: {
        summary: 'Groups of images that show the same picture, and which to keep',
        operationId: 'listDuplicateGroups',
        tags: ['Library'],
        description:
          'Largest groups first, each with what was done to its copies. Images are compared in the background as they ' +
          'come in; `pending` says how many wait. ' +
          'The first page after a while takes longest: every record is looked at once.',
        querystring: groupParameters,
        response: { 200: duplicateGroupPage },
      },
      config: { scope: 'read', kind: 'search', errors: store },
    },
    async (request, reply) => {
      const { limit, cursor = 0 } = request.query
      const groups = await deps.duplicateGroups.list(deps.store, abortWhenGone(reply))
      const page = groups.slice(cursor, cursor + limit)
      const found = await deps.store.get(page.flat())
      const records = new Map(found.map((record) => [record.id, record]))
      const presenter = presenterFor(request, publicUrl)
      return {
        groups: page.flatMap((ids) => {
          const [keeper, ...others] = ids.flatMap((id) => records.get(id) ?? [])
          // Gone in this moment, or by the hand of another server.
          if (!keeper || others.length === 0) return []
          const duplicates = others.map((record) => ({
            kind: isIdentical(keeper, record)
              ? ('identical' as const)
              : ('near_duplicate' as const),
            ...toWireChange(changeBetween(keeper, record), keeper.file, record.file),
            image: presenter.record(record),
          }))
          return [{ keeper: presenter.record(keeper), duplicates }]
        }),
        total_groups: groups.length,
        total_duplicates: groups.reduce((sum, ids) => sum + ids.length - 1, 0),
        pending: await deps.copies.finder.pending(),
        next_cursor: cursor + limit < groups.length ? String(cursor + limit) : null,
      }
    },
  )
}
