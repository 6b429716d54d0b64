import { createHash, timingSafeEqual } from 'node:crypto'
import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LookalikeError } from '../../errors.ts'

export const cookieName = 'lookalike_key'
const guarded = /^\/(api|images)\//
export const sessionPath = '/api/session'

/**
 * Guards the API with keys, when there are any. A program sends `Authorization: Bearer <key>` or
 * `X-API-Key`; the page signs in once and gets a cookie, because `<img>` cannot send headers.
 */
export async function apiKeys(app: FastifyInstance, keys: string[]): Promise<void> {
  await app.register(cookie)
  const isValid = keyCheck(keys)

  app.addHook('onRequest', async (request) => {
    if (keys.length === 0 || request.method === 'OPTIONS') return
    const path = request.url.split('?')[0]!
    if (!guarded.test(path) || path === sessionPath) return
    const key = presentedKey(request)
    if (key === undefined || !isValid(key)) throw unauthorized()
  })
}

/** Tells whether a text is one of the keys, in a time that says nothing of them. */
export function keyCheck(keys: string[]): (key: string) => boolean {
  const digests = keys.map(digest)
  return (key) => digests.some((known) => timingSafeEqual(known, digest(key)))
}

/** The key that came with a request, valid or not. */
export function presentedKey(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const header = request.headers['x-api-key']
  return bearer ?? (typeof header === 'string' ? header : request.cookies[cookieName])
}

/** Hashing first makes keys of any length comparable in constant time. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

export function unauthorized(): LookalikeError {
  return new LookalikeError(
    'unauthorized',
    'This server asks for an API key: send one of its API_KEYS as `Authorization: Bearer <key>`.',
  )
}
