import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

export interface ProxyOptions {
  readonly publicUrl: string | undefined
  /** Proxies whose `X-Forwarded-*` headers are believed; true: any. */
  readonly trustProxy: boolean | string[]
}

/**
 * What Fastify is told of a proxy in front. One that serves this server below a path either takes that
 * off before it passes a request on, or leaves it to us: both work.
 */
export function behindProxy({ publicUrl, trustProxy }: ProxyOptions) {
  const prefix = prefixOf(publicUrl)
  return {
    trustProxy,
    // The router, and so whatever decides by the route, sees the rest.
    rewriteUrl: ({ url = '/' }: IncomingMessage) =>
      prefix && url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url,
  }
}

/** The page's links are relative, and need the slash at the end of its address. */
export function prefixRoute(app: FastifyInstance, publicUrl: string | undefined): void {
  const prefix = prefixOf(publicUrl)
  if (!prefix) return
  app.get(prefix, { config: { open: true }, schema: { hide: true } }, (_request, reply) =>
    reply.redirect(`${prefix}/`, 308),
  )
}

/** The path of PUBLIC_URL, without a slash at its end. */
function prefixOf(publicUrl: string | undefined): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '')
}
