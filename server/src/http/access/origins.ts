import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LookalikeError } from '../../errors.ts'

export interface OriginOptions {
  /** Origins whose pages may call, or `*`. */
  readonly corsOrigins: readonly string[]
  readonly publicUrl: string | undefined
  /** More names that this server is reached by, without a port. */
  readonly hosts: readonly string[]
  /** Whether a key is asked for. */
  readonly isKeyed: () => boolean
}

/**
 * Keeps pages of other sites out of a server that their visitor can reach. A browser says where a page
 * is from, and programs say nothing.
 *
 * A name that an attacker made lead here (DNS rebinding) would be this server's own origin to the
 * browser: without keys, only names known to be this server's are answered. An address cannot be made
 * to lead elsewhere, so every address will do, as does a name without a dot, which no public zone has (ICANN
 * forbids dotless domains). With keys, such a page has none, and the cookie belongs
 * to another name: then any name will do, and a server in a local network needs no list of its own.
 */
export function origins(app: FastifyInstance, options: OriginOptions): void {
  const own = options.publicUrl === undefined ? undefined : new URL(options.publicUrl)
  const names = new Set(
    ['localhost', ...options.hosts, ...(own ? [own.hostname] : [])].map((name) =>
      name.toLowerCase(),
    ),
  )
  const isKnown = (name: string) =>
    isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
    !name.includes('.') ||
    names.has(name) ||
    name.endsWith('.localhost')
  const allowed = new Set([...options.corsOrigins, ...(own ? [own.origin] : [])])

  app.addHook('onRequest', async (request) => {
    if (!options.isKeyed() && request.host !== '') {
      const name = hostnameOf(request.host)
      if (name === null || !isKnown(name)) throw unknownHost(request.host)
    }
    if (request.method === 'OPTIONS' || allowed.has('*')) return
    const { origin, 'sec-fetch-site': site } = request.headers
    const isForeign = site === 'cross-site' || site === 'same-site'
    if (['GET', 'HEAD'].includes(request.method) && !(isForeign && isCostlyPart(request))) return
    if (origin !== undefined) {
      if (!allowed.has(origin) && !isOwn(origin, request)) throw foreignOrigin(origin)
    } else if (isForeign) {
      throw foreignOrigin('another site')
    }
  })
}

/**
 * Whether reading it is work, and it is asked for from within a page: `<img>`, a script or a frame of another site cannot
 * read the answer, and keeps the server busy all the same. A link to it may be followed.
 */
function isCostlyPart({ routeOptions, headers }: FastifyRequest): boolean {
  return routeOptions.config.kind !== undefined && headers['sec-fetch-dest'] !== 'document'
}

/** Whether it is where this request was sent to; behind a proxy the scheme may be another. */
function isOwn(origin: string, { host }: FastifyRequest): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: from } = new URL(origin)
  const to = `${protocol}//${host}`
  return from !== '' && URL.canParse(to) && new URL(to).host === from
}

/** Lower-case, without port and a dot at its end; null for what is no host. */
function hostnameOf(host: string): string | null {
  if (!/^(\[[0-9a-f:.]+\]|[^\s/?#@\\:[\]]+)(:\d+)?$/i.test(host)) return null
  if (!URL.canParse(`http://${host}`)) return null
  return new URL(`http://${host}`).hostname.replace(/\.$/, '')
}

function unknownHost(host: string): LookalikeError {
  return new LookalikeError(
    'unknown_host',
    `This server is not known as ${JSON.stringify(host.slice(0, 100))}, and asks for no key: a page of somebody ` +
      "else's could reach it by that name. Set ALLOWED_HOSTS or PUBLIC_URL to the name, or API_KEYS.",
  )
}

function foreignOrigin(origin: string): LookalikeError {
  return new LookalikeError(
    'foreign_origin',
    `A page of ${origin.slice(0, 100)} may not do this here. Set CORS_ORIGINS to its origin where that is meant, or ` +
      'PUBLIC_URL to the address that this server is reached by.',
  )
}
