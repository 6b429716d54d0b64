import { createHash, timingSafeEqual } from 'node:crypto'
import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { LookalikeError } from '../../errors.ts'
import { nothing } from '../schemas.ts'

const cookieName = 'lookalike_key'
const guarded = /^\/(api|images)\//
const signInPath = '/api/session'

/**
 * Guards the API with keys, when there are any. A program sends `Authorization: Bearer <key>` or
 * `X-API-Key`; the page signs in once and gets a cookie, because `<img>` cannot send headers.
 */
export async function apiKeys(app: FastifyInstance, keys: string[]): Promise<void> {
  await app.register(cookie)
  const digests = keys.map(digest)
  const isValid = (key: string | undefined) =>
    key !== undefined && digests.some((known) => timingSafeEqual(known, digest(key)))

  app.addHook('onRequest', async (request) => {
    if (keys.length === 0 || request.method === 'OPTIONS') return
    const path = request.url.split('?')[0]!
    if (!guarded.test(path) || path === signInPath) return
    if (!isValid(presentedKey(request))) throw unauthorized()
  })

  app.post(
    signInPath,
    {
      schema: {
        summary: 'Sign in, for pages: the key becomes a cookie',
        // A longer cookie than browsers keep would be an answer that clients refuse.
        body: z.object({ key: z.string().max(1000, 'must be at most 1000 characters') }),
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      const { key } = request.body as { key: string }
      if (keys.length > 0 && !isValid(key)) throw unauthorized()
      reply.setCookie(cookieName, key, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
      })
      return reply.code(204).send()
    },
  )
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

function unauthorized(): LookalikeError {
  return new LookalikeError(
    'unauthorized',
    'This server asks for an API key: send one of its API_KEYS as `Authorization: Bearer <key>`.',
  )
}
