import { noContent, sessionRequest } from '@lookalike/contract'
import type { FastifyRequest } from 'fastify'
import type { App } from '../app-type.ts'
import {
  cookieName,
  findKey,
  sessionOf,
  sessionSeconds,
  toApiKey,
  type ApiKey,
} from '../access/api-keys.ts'
import { unauthorized } from '../access/auth.ts'
import type { Services } from '../services.ts'

/** Signing in and out, for pages. */
export function sessionRoutes(app: App, { publicUrl }: Services, keys: readonly ApiKey[]): void {
  const cookieOptions = (request: FastifyRequest) => ({
    path: publicUrl ? new URL(`${publicUrl}/`).pathname : '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: publicUrl ? publicUrl.startsWith('https:') : request.protocol === 'https',
  })

  app.post(
    '/api/session',
    {
      config: { open: true, errors: ['unauthorized'] },
      schema: {
        summary: 'Sign in, for pages: the key becomes a cookie',
        operationId: 'signIn',
        tags: ['Server'],
        description:
          'The cookie is a proof of having had the key, not the key; it lasts for 400 days, or until ' +
          'the key is none of `API_KEYS` any more.',
        body: sessionRequest,
        // Whoever signs in has no session yet.
        security: [],
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      // Where none are asked for, any is right.
      const key = keys.length === 0 ? toApiKey(request.body.key) : findKey(keys, request.body.key)
      if (!key) throw unauthorized()
      const expires = Math.floor(Date.now() / 1000) + sessionSeconds
      reply.setCookie(cookieName(key), sessionOf(key, expires), {
        ...cookieOptions(request),
        maxAge: sessionSeconds,
      })
      return reply.code(204).send()
    },
  )

  app.delete(
    '/api/session',
    {
      config: { open: true },
      schema: {
        summary: 'Sign out, for pages: the cookie is taken back',
        operationId: 'signOut',
        tags: ['Server'],
        security: [],
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      for (const name of keys.map(cookieName)) {
        if (request.cookies[name] !== undefined) reply.clearCookie(name, cookieOptions(request))
      }
      return reply.code(204).send()
    },
  )
}
