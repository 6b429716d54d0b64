import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { LookalikeError } from '../../errors.ts'
import { includes, type ApiKey, type Scope } from '../../keys/api-key.ts'
import type { Keys } from '../../keys/keys.ts'
import type { Sessions } from '../../state/sessions.ts'
import { WrongKeys } from './wrong-keys.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a key. What does not say so is closed, and so is every path that is no route. */
    open?: true
    /** What a key must open to call this. */
    scope?: Scope
  }
  interface FastifyRequest {
    /** Who asks; null for somebody without a key. */
    caller: Caller | null
  }
}

/** Whoever was let in by a key. */
export interface Caller {
  readonly keyId: string
  readonly keyName: string
  readonly scope: Scope
  /** Whether it was by the cookie that a page gets for its key. */
  readonly signedIn: boolean
}

/** What decides who may come in. */
export interface Doors {
  readonly keys: Keys
  readonly sessions: Sessions
}

/**
 * Guards everything that does not declare itself open with keys, when there are any. Access is
 * decided by the route that the router matched, never by how its address was spelled. A program sends
 * `Authorization: Bearer <key>` or `X-API-Key`; the page signs in once and gets a cookie, because
 * `<img>` cannot send headers.
 *
 * @returns finds the key that somebody signs in with
 */
export async function apiKeys(app: FastifyInstance, doors: Doors): Promise<KeyCheck> {
  const { keys } = doors
  await app.register(cookie)
  app.decorateRequest('caller', null)
  keys.onTrouble = (message) => app.log.error(message)

  const wrong = new WrongKeys()
  const checkKey: KeyCheck = (text, address) => {
    const key = keys.find(text)
    // Whoever holds a key that cannot be guessed is not kept out by what others at the address try.
    if (!key?.isLong) wrong.assertFew(address)
    if (!key) wrong.note(address)
    return key
  }
  const check = async ({ caller, routeOptions: { config } }: FastifyRequest) => {
    if (config?.open || !keys.areAsked) return
    if (!caller) throw unauthorized()
    if (config?.scope && !includes(caller.scope, config.scope))
      throw forbidden(caller, config.scope)
  }

  assertScopes(app)
  app.addHook('onRequest', async (request) => {
    if (keys.areAsked) request.caller = callerOf(request, doors, checkKey)
    await check(request)
  })
  // Once more for what an open route turns out not to have: a path that is no file of the page.
  app.addHook('preHandler', check)
  return checkKey
}

/**
 * Finds the key that a text is; null where it is none.
 *
 * @throws LookalikeError `rate_limited` after too many wrong ones from an address
 */
export type KeyCheck = (text: string, address: string) => ApiKey | null

/** For a scope with routes of a plugin, which cannot declare themselves open. */
export function openRoutes(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route: RouteOptions) => {
    route.config = { ...route.config, open: true }
  })
}

export function unauthorized(): LookalikeError {
  return new LookalikeError(
    'unauthorized',
    'This server asks for an API key: send one of its keys as `Authorization: Bearer <key>`.',
  )
}

/** Nobody can add a route and forget to say who may call it: the server would not start. */
function assertScopes(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    for (const { url, method, config } of routes) {
      if (config?.open || config?.scope) continue
      throw new Error(`${String(method)} ${url} has neither a scope nor is it open.`)
    }
  })
}

function forbidden({ keyName, scope }: Caller, asked: Scope): LookalikeError {
  return new LookalikeError(
    'forbidden',
    `The key ${keyName} has the scope ${scope}, and this asks for ${asked}: use another key.`,
  )
}

/** Null without one of our keys. A wrong key in a header is not made good by a cookie. */
function callerOf(
  request: FastifyRequest,
  { keys, sessions }: Doors,
  checkKey: KeyCheck,
): Caller | null {
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const header = request.headers['x-api-key']
  const presented = bearer ?? (typeof header === 'string' ? header : undefined)
  if (presented !== undefined) return asCaller(checkKey(presented, request.ip), false)
  const token = request.cookies[sessions.cookieName]
  const keyId = token ? sessions.keyOf(token) : null
  return keyId === null ? null : asCaller(keys.byId(keyId), true)
}

export function asCaller(key: ApiKey | null, signedIn: boolean): Caller | null {
  return key && { keyId: key.id, keyName: key.name, scope: key.scope, signedIn }
}
