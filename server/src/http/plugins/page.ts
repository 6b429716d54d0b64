import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyError, FastifyInstance } from 'fastify'
import { openRoutes } from '../access/auth.ts'

/** Addresses of the page's views: each is the same document, which reads its own address. */
const views = ['/library', '/map', '/duplicates', '/graph', '/searches', '/status']

/** What a document may do, and who may frame it: said with a script or a style it is only weight. A worker is told its own. */
const ofDocuments = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'origin-agent-cluster',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
]

/** Serves the built page from `folder`; without one, says at `/` how to build it. */
export async function page(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', { config: { open: true }, schema: { hide: true } }, async (_request, reply) =>
      reply
        .type('text/plain')
        .send('The page is not built yet: `npm start` builds it. The API works.\n'),
    )
    return
  }
  await app.register(async (scope) => {
    openRoutes(scope)
    // What is no path of a file is no path at all.
    scope.setErrorHandler<FastifyError>((error, _request, reply) => {
      if ((error.statusCode ?? 500) >= 500) throw error
      return reply.callNotFound()
    })
    await scope.register(fastifyStatic, {
      root: folder,
      schemaHide: true,
      cacheControl: false,
      // The build leaves a brotli and a gzip copy beside each file of text.
      preCompressed: true,
      setHeaders(reply, path) {
        // Vite puts a content hash in the names under assets/, so those never change.
        const isHashed = path.includes('/assets/') || path.includes('\\assets\\')
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        if (/\.(js|css)(\.br|\.gz)?$/.test(path) && !path.includes('worker')) {
          for (const name of ofDocuments) reply.removeHeader(name)
        }
      },
    })
    // A name that is no view: the document says so, in the reader's language. What has a dot would be a file.
    scope.addHook('preHandler', async (request, reply) => {
      const isView = /^\/[^/.?]+(\?|$)/.test(request.url)
      const reads = /\btext\/html\b/.test(request.headers.accept ?? '')
      if (request.routeOptions.url === '/*' && isView && reads) {
        return reply.code(404).sendFile('index.html')
      }
    })
    for (const path of views) {
      scope.get(path, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'))
    }
  })
}
