import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { LookalikeError } from '../../errors.ts'
import { cookieName, findKey, isSession, type ApiKey } from './api-keys.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a key. What does not say so is closed, and so is every path that is no route. */
    open?: true
  }
  interface FastifyRequest {
    /** Who asks; null for somebody without a key. */
    caller: Caller | null
  }
}

/** Whoever was let in by a key. */
export interface Caller {
  readonly keyId: string
  /** Whether it was by the cookie that a page gets for its key. */
  readonly signedIn: boolean
}

/**
 * Guards everything that does not declare itself open with keys, when there are any. Access is
 * decided by the route that the router matched, never by how its address was spelled. A program sends
 * `Authorization: Bearer <key>` or `X-API-Key`; the page signs in once and gets a cookie, because
 * `<img>` cannot send headers.
 */
export async function apiKeys(app: FastifyInstance, keys: readonly ApiKey[]): Promise<void> {
  await app.register(cookie)
  app.decorateRequest('caller', null)
  if (keys.length === 0) return

  const check = async (request: FastifyRequest) => {
    if (!request.caller && !request.routeOptions.config?.open) throw unauthorized()
  }
  app.addHook('onRequest', async (request) => {
    request.caller = callerOf(request, keys)
    await check(request)
  })
  // Once more for what an open route turns out not to have: a path that is no file of the page.
  app.addHook('preHandler', check)
}

/** For a scope with routes of a plugin, which cannot declare themselves open. */
export function openRoutes(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route: RouteOptions) => {
    route.config = { ...route.config, open: true }
  })
}

export function unauthorized(): LookalikeError {
  return new LookalikeError(
    'unauthorized',
    'This server asks for an API key: send one of its API_KEYS as `Authorization: Bearer <key>`.',
  )
}

/** Null without one of our keys. A wrong key in a header is not made good by a cookie. */
function callerOf(request: FastifyRequest, keys: readonly ApiKey[]): Caller | null {
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const header = request.headers['x-api-key']
  const presented = bearer ?? (typeof header === 'string' ? header : undefined)
  if (presented !== undefined) {
    const key = findKey(keys, presented)
    return key && { keyId: key.id, signedIn: false }
  }
  const key = keys.find((known) => isSession(request.cookies[cookieName(known)], known))
  return key ? { keyId: key.id, signedIn: true } : null
}
