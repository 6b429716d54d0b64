import type { FastifyInstance, FastifyRequest } from 'fastify'
import { withoutSecrets } from '../../secrets.ts'
import { withoutKeys } from '../without-keys.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a request changed, for the audit log; null while nothing is known of it. */
    changed: Changed | null
  }
}

interface Changed {
  readonly ids: string[]
  count: number
}

/** Takes lines of JSON, and keeps them. */
export interface AuditLog {
  append(line: string): void
}

/** Of what one request changed, so many ids are named. */
const maxIds = 1000
const maxQuery = 2000

/** Notes for the audit log which images, or which key, a request changes. */
export function noteChanged(request: FastifyRequest, ids: readonly string[]): void {
  const changed = (request.changed ??= { ids: [], count: 0 })
  changed.count += ids.length
  changed.ids.push(...ids.slice(0, maxIds - changed.ids.length))
}

/**
 * Keeps who changed what: a line for each call that may change something and each sign-in, before its
 * answer is sent. Who is refused for want of a key leaves none, or strangers could fill the log.
 *
 * @param log null: nothing is kept
 */
export function audit(app: FastifyInstance, log: AuditLog | null): void {
  app.decorateRequest('changed', null)
  if (!log) return
  app.addHook('onSend', async (request, reply) => {
    const { config, url: route } = request.routeOptions
    if (!isChange(request) || route === undefined) return
    const isStranger = request.caller === null && [401, 403, 429].includes(reply.statusCode)
    if (isStranger || (config.open && request.caller === null)) return
    const { id, name } = (request.params ?? {}) as Record<string, string | undefined>
    const named = id ?? name
    const changed = request.changed ?? (named === undefined ? null : { ids: [named], count: 1 })
    const query = request.url.split('?')[1]
    const line = {
      time: new Date().toISOString(),
      request_id: request.id,
      key: request.caller?.keyName ?? null,
      signed_in: request.caller?.signedIn ?? false,
      address: request.ip,
      method: request.method,
      route,
      ...(query !== undefined && { query: withoutKeys(`?${query}`).slice(1, maxQuery) }),
      status: reply.statusCode,
      ...changed,
    }
    try {
      log.append(withoutSecrets(JSON.stringify(line)))
    } catch (error) {
      // A disk that is full must not keep anybody from making room on it.
      request.log.error({ err: error }, 'the audit log could not be written')
    }
  })
}

function isChange({ method, routeOptions: { config } }: FastifyRequest): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return false
  return config.open === true || config.scope === 'write' || config.scope === 'admin'
}
