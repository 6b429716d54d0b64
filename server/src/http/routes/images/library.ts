import { findDuplicates } from '../../../library/duplicates/find-duplicates.ts'
import { indexImage } from '../../../library/index-image.ts'
import { removeImage, setMetadata, unknownImage } from '../../../library/edit.ts'
import { Stages } from '../../../library/stages.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import {
  idParameter,
  indexForm,
  indexParameters,
  listParameters,
  metadataBody,
  readParameters,
} from '../../parameters.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../present.ts'
import { imagePage, imageRecord, indexResponse, nothing } from '../../schemas.ts'
import type { Services } from '../../services.ts'

export function libraryRoutes(app: App, services: Services): void {
  const { deps, uploads, downloader, publicUrl } = services

  app.post(
    '/api/images/index',
    {
      schema: {
        summary: 'Add an image to the library, or bring it up to date',
        description:
          'The picture is `image_file`, or fetched from `image_url`. 201: new; 200: known already.',
        response: { 200: indexResponse, 201: indexResponse },
      },
      config: { ...worksOnPicture, form: indexForm },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = new Stages()
      stages.begin('receive')
      const received = await uploads.receiveOrFetch(request, downloader, signal)
      try {
        const options = readParameters(indexParameters, received.fields)
        const { record, outcome, cached, usage } = await indexImage(
          deps,
          received.upload,
          { ...options, imageUri: options.image_uri ?? options.image_url },
          { stages, signal },
        )
        reply.code(outcome === 'created' ? 201 : 200)
        const presented = presenterFor(request, publicUrl).record(record)
        return { ...presented, cached, usage: { ...usage }, timings_ms: stages.finish() }
      } finally {
        await received.discard()
      }
    },
  )

  app.get(
    '/api/images',
    {
      schema: {
        summary: 'List the library, page by page',
        querystring: listParameters,
        response: { 200: imagePage },
      },
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
        body: metadataBody,
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
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      await removeImage(deps, request.params.id)
      return reply.code(204).send()
    },
  )
}
