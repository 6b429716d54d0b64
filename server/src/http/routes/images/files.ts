import { z } from 'zod'
import type { FileKind } from '../../../files/file-store.ts'
import { unknownImage, withoutFile } from '../../../usecases/unknown-image.ts'
import type { App } from '../../app-type.ts'
import { fileParameters, idParameter } from '../../parameters.ts'
import { fileVersion } from '../../present.ts'
import type { Services } from '../../services.ts'

/** The files behind the records. */
export function fileRoutes(app: App, { parts }: Services): void {
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
      {
        schema: {
          summary: `The ${kind} of an image`,
          params: idParameter,
          querystring: fileParameters,
        },
        config: { sends: [kind === 'original' ? 'image/*' : 'image/webp'] },
      },
      async (request, reply) => {
        const [record] = await parts.store.get([request.params.id])
        if (!record) throw unknownImage(request.params.id)
        if (!record.file || record.file.missing) throw withoutFile(record)
        const { sha256, format } = record.file
        const etag = `"${sha256}-${kind}"`
        const isCurrent = request.query.v === fileVersion(sha256)
        const caching = {
          etag,
          // The id names a URI, whose picture can be replaced: without the version of these very
          // bytes it is kept, but asked about each time.
          'cache-control': isCurrent ? 'private, max-age=31536000, immutable' : 'private, no-cache',
        }
        if (request.headers['if-none-match'] === etag)
          return reply.headers(caching).code(304).send()
        const file = await parts.files.read(kind, sha256)
        if (!file) throw withoutFile(record)
        reply.headers({
          ...caching,
          'content-type': kind === 'original' ? `image/${format}` : 'image/webp',
          'content-length': file.bytes,
          // An uploaded file is shown as a picture or not at all, never run as anything.
          'content-security-policy': "default-src 'none'; sandbox",
        })
        return reply.send(file.stream)
      },
    )
  }
}
