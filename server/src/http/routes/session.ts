import { noContent, sessionRequest } from '@lookalike/contract'
import type { App } from '../app-type.ts'
import { cookieName, keyCheck, sessionPath, unauthorized } from '../plugins/auth.ts'
import type { Services } from '../services.ts'

export function sessionRoutes(app: App, { apiKeys }: Services): void {
  const isValid = keyCheck(apiKeys)

  app.post(
    sessionPath,
    {
      schema: {
        summary: 'Sign in, for pages: the key becomes a cookie',
        operationId: 'signIn',
        tags: ['Server'],
        body: sessionRequest,
        // Whoever signs in has no session yet.
        security: [],
        response: { 204: noContent },
      },
      config: { errors: ['unauthorized'] },
    },
    async (request, reply) => {
      const { key } = request.body
      if (apiKeys.length > 0 && !isValid(key)) throw unauthorized()
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
