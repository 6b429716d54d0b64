import { z } from 'zod'
import type { FileKind } from '../../../files/file-store.ts'
import { indexImage } from '../../../usecases/index-image.ts'
import { removeImage } from '../../../usecases/remove-image.ts'
import { setMetadata } from '../../../usecases/set-metadata.ts'
import { Stages } from '../../../usecases/stages.ts'
import { unknownImage, withoutFile } from '../../../usecases/unknown-image.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import {
  idParameter,
  indexParameters,
  listParameters,
  metadataBody,
  readParameters,
} from '../../parameters.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../present.ts'
import { imagePage, imageRecord, indexResponse } from '../../schemas.ts'
import type { Services } from '../../services.ts'

export function libraryRoutes(app: App, services: Services): void {
  const { parts, uploads, remote, publicUrl } = services

  app.post(
    '/api/images/index',
    {
      ...worksOnPicture,
      schema: {
        summary: 'Add an image to the library, or bring it up to date',
        description:
          'multipart/form-data: `image_file` or `image_url`, `image_uri`, `metadata` (JSON), `description`. ' +
          'The server fetches `image_url`, which is also the `image_uri` when none is given.',
        consumes: ['multipart/form-data'],
        response: { 200: indexResponse, 201: indexResponse },
      },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = new Stages()
      stages.begin('receive')
      const received = await uploads.receiveOrFetch(request, remote, signal)
      try {
        const options = readParameters(indexParameters, received.fields)
        const { record, outcome, cached, usage } = await indexImage(
          parts,
          received.upload,
          { ...options, imageUri: options.image_uri ?? options.image_url },
          stages,
          signal,
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
      const page = await parts.store.list(request.query)
      const presenter = presenterFor(request, publicUrl)
      return {
        images: page.records.map((record) => presenter.record(record)),
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
      const [record] = await parts.store.get([request.params.id])
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
      const record = await setMetadata(parts, request.params.id, request.body.metadata)
      return presenterFor(request, publicUrl).record(record)
    },
  )

  app.delete(
    '/api/images/:id',
    {
      schema: {
        summary: 'Delete an image and its file',
        params: idParameter,
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      await removeImage(parts, request.params.id)
      return reply.code(204).send()
    },
  )

  // Records minted here have URIs that lead to their picture.
  app.get(
    '/images/:sha256',
    {
      schema: {
        hide: true,
        params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      },
    },
    async (request, reply) => {
      const [record] = await parts.store.findByContentHash([request.params.sha256])
      if (!record) throw unknownImage(request.params.sha256)
      return reply.redirect(`/api/images/${record.id}/file`)
    },
  )

  serveFile('file', 'original')
  serveFile('thumbnail', 'thumbnail')

  function serveFile(path: string, kind: FileKind): void {
    app.get(
      `/api/images/:id/${path}`,
      { schema: { summary: `The ${kind} of an image`, params: idParameter } },
      async (request, reply) => {
        const [record] = await parts.store.get([request.params.id])
        if (!record) throw unknownImage(request.params.id)
        if (!record.file || record.file.missing) throw withoutFile(record)
        const { sha256, format } = record.file
        const etag = `"${sha256}-${kind}"`
        reply.headers({
          etag,
          // The id names a URI, whose picture can be replaced: kept, but asked about each time.
          'cache-control': 'private, no-cache',
          'content-type': kind === 'original' ? `image/${format}` : 'image/webp',
          // An uploaded file is shown as a picture or not at all, never run as anything.
          'content-security-policy': "default-src 'none'; sandbox",
        })
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        const file = await parts.files.read(kind, sha256)
        if (!file) throw withoutFile(record)
        return reply.header('content-length', file.bytes).send(file.stream)
      },
    )
  }
}
