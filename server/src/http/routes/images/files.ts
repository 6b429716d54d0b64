import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import {
  fileBytes,
  fileParameters,
  idParameter,
  imageFormat,
  notModified,
  thumbnailParameters,
} from '@lookalike/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fresh from 'fresh'
import {
  ownThumbnail,
  thumbnailAsPng,
  type ThumbnailEdge,
  thumbnailEdges,
} from '../../../images/encode.ts'
import { mediaTypeOf } from '../../../images/image.ts'
import { unknownImage, withoutFile } from '../../../library/missing.ts'
import { makeThumbnail, thumbnailKind } from '../../../library/thumbnails/thumbnails.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { rangeOf } from './byte-range.ts'
import { files, store } from '../../openapi/errors.ts'
import { fileVersion } from '../../answers/present.ts'
import type { Services } from '../../services.ts'

const errors = [...store, ...files, 'not_found'] as const

const originals = Object.fromEntries(
  imageFormat.options.map((format) => [`image/${format}`, fileBytes]),
)

/** The files behind the records. */
export function fileRoutes(app: App, { deps }: Services): void {
  app.get(
    '/api/images/:id/file',
    {
      schema: {
        summary: 'The original of an image',
        operationId: 'getFile',
        tags: ['Images'],
        params: idParameter,
        querystring: fileParameters,
        response: { 304: notModified },
      },
      config: { scope: 'read', sends: originals, errors },
    },
    (request, reply) => sendFile(request.params.id, null, request, reply),
  )

  app.get(
    '/api/images/:id/thumbnail',
    {
      schema: {
        summary: 'The thumbnail of an image',
        operationId: 'getThumbnail',
        tags: ['Images'],
        params: idParameter,
        querystring: thumbnailParameters,
        response: { 304: notModified },
      },
      config: {
        scope: 'read',
        sends: { 'image/webp': fileBytes, 'image/png': fileBytes, 'image/jpeg': fileBytes },
        errors,
      },
    },
    (request, reply) => {
      const { format, size } = request.query
      const isPng = format === 'png'
      const edge = isPng ? thumbnailEdges[0] : (Number(size) as ThumbnailEdge)
      return sendFile(request.params.id, edge, request, reply, isPng ? 'png' : undefined)
    },
  )

  /**
   * @param edge of a thumbnail; null for the original
   * @param converted what a thumbnail is made into
   */
  async function sendFile(
    id: string,
    edge: ThumbnailEdge | null,
    request: FastifyRequest<{ Querystring: { v?: string | undefined } }>,
    reply: FastifyReply,
    converted?: 'png',
  ): Promise<FastifyReply> {
    const [record] = await deps.store.get([id])
    if (!record) throw unknownImage(id)
    if (!record.file || record.file.missing) throw withoutFile(record)
    const { sha256, format, bytes } = record.file
    const stored = edge === null ? 'original' : thumbnailKind(record.file, edge)
    const isOwn = stored === 'original' && edge !== null
    const etag = `"${sha256}-${converted ?? (edge === null ? `original-${bytes}` : `${isOwn ? 'own' : 'thumbnail'}-${edge}`)}"`
    const isCurrent = request.query.v === fileVersion(sha256)
    const caching = {
      etag,
      // The id names a URI, whose picture can be replaced: without the version of these very
      // bytes it is kept, but asked about each time.
      'cache-control': isCurrent ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    }
    // Of a `Cache-Control` in the request nothing is known here: there is no cache to go around.
    const known = { 'if-none-match': request.headers['if-none-match'] }
    if (fresh(known, { etag })) return reply.headers(caching).code(304).send()
    const range = edge === null ? rangeOf(request, reply, etag, bytes) : null
    // A file of another length than it was taken with is no longer that file.
    const size = range ? await deps.files.size(stored, sha256) : null
    if (range && size !== bytes) throw withoutFile(record)
    const file =
      (await deps.files.read(stored, sha256, range ?? undefined)) ??
      (stored.startsWith('thumbnail-')
        ? await asFile(makeThumbnail(deps, record.file, stored, abortWhenGone(reply)))
        : null)
    const isWhole = stored === 'original' ? file?.bytes === bytes : !!file?.bytes
    if (file && !range && !isWhole) {
      file.stream.destroy()
      throw withoutFile(record)
    }
    if (!file) throw withoutFile(record)
    const made = converted
      ? { bytes: await thumbnailAsPng(file.stream, deps.decode), format: converted }
      : isOwn && (await ownThumbnail(await buffer(file.stream), edge, deps.decode))
    if (range) {
      reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${bytes}`)
    }
    reply.headers({
      ...caching,
      'content-type': made
        ? `image/${made.format}`
        : edge === null
          ? mediaTypeOf(format)
          : 'image/webp',
      'content-length': made ? made.bytes.length : file.bytes,
      // An uploaded file is shown as a picture or not at all, never run as anything.
      'content-security-policy': "default-src 'none'; sandbox",
    })
    return reply.send(made ? made.bytes : file.stream)
  }
}

async function asFile(thumbnail: Promise<Buffer | null>) {
  const bytes = await thumbnail
  return bytes && { stream: Readable.from([bytes], { objectMode: false }), bytes: bytes.length }
}
