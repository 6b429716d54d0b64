import { noContent, sessionRequest } from '@lookalike/contract'
import type { FastifyRequest } from 'fastify'
import type { App } from '../app-type.ts'
import { asCaller, unauthorized, type KeyCheck } from '../access/auth.ts'
import { sessionSeconds } from '../../state/sessions.ts'
import type { Services } from '../services.ts'

/** Signing in and out, for pages. */
export function sessionRoutes(
  app: App,
  { publicUrl, keys, state: { sessions } }: Services,
  checkKey: KeyCheck,
): void {
  const cookieOptions = (request: FastifyRequest) => ({
    path: publicUrl ? new URL(`${publicUrl}/`).pathname : '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: publicUrl ? publicUrl.startsWith('https:') : request.protocol === 'https',
  })

  app.post(
    '/api/session',
    {
      config: { open: true, errors: ['unauthorized', 'rate_limited', 'storage_full'] },
      schema: {
        summary: 'Sign in, for pages: the key becomes a cookie',
        operationId: 'signIn',
        tags: ['Server'],
        description:
          'The cookie is a random token, not the key; it lasts for 400 days, or until somebody signs out or ' +
          'the key is revoked or expires.',
        body: sessionRequest,
        // Whoever signs in has no session yet.
        security: [],
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      const key = keys.areAsked ? checkKey(request.body.key, request.ip) : null
      if (keys.areAsked && !key) throw unauthorized()
      request.caller = asCaller(key, true)
      // Where no key is asked for, any is right, and what comes of it opens nothing when one is.
      reply.setCookie(sessions.cookieName, sessions.begin(key?.id ?? ''), {
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
        summary: 'Sign out, for pages: the session ends, and the cookie is taken back',
        operationId: 'signOut',
        tags: ['Server'],
        security: [],
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      // The pictures that the browser keeps were for whoever had signed in.
      reply.header('clear-site-data', '"cache"')
      const token = request.cookies[sessions.cookieName]
      if (token !== undefined) {
        sessions.end(token)
        reply.clearCookie(sessions.cookieName, cookieOptions(request))
      }
      return reply.code(204).send()
    },
  )
}
