import { keyList, keyParameter, keyRequest, madeKey, noContent } from '@lookalike/contract'
import { LookalikeError } from '../../errors.ts'
import type { ApiKey } from '../../keys/api-key.ts'
import { noteChanged } from '../access/audit.ts'
import type { App } from '../app-type.ts'
import type { Services } from '../services.ts'

/** The keys that open this server, for those who may look after them. */
export function keyRoutes(app: App, { keys }: Services): void {
  app.get(
    '/api/keys',
    {
      schema: {
        summary: 'The keys that open this server',
        operationId: 'listKeys',
        tags: ['Server'],
        response: { 200: keyList },
      },
      config: { scope: 'admin' },
    },
    async () => ({ keys: keys.list().map(present) }),
  )

  app.post(
    '/api/keys',
    {
      schema: {
        summary: 'Make a key',
        operationId: 'addKey',
        tags: ['Server'],
        description:
          'The answer is the only place where the key itself ever stands: a hash of it is kept. A server that asks for ' +
          'no key makes none: its first comes from `API_KEYS`, or from `npm run admin-key` where it runs.',
        body: keyRequest,
        response: { 201: madeKey },
      },
      config: {
        scope: 'admin',
        errors: ['key_conflict', 'unsupported', 'store_unavailable', 'storage_full'],
      },
    },
    async (request, reply) => {
      // Whoever is first could shut all others out.
      if (!keys.areAsked) throw keyless()
      const { name, scope, expires_at: expiresAt } = request.body
      if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) {
        throw new LookalikeError('invalid_parameter', 'expires_at: must be in the future.')
      }
      noteChanged(request, [name])
      const { key, text } = keys.add({ name, scope, expiresAt })
      reply.header('cache-control', 'no-store')
      return reply.code(201).send({ ...present(key), key: text })
    },
  )

  app.delete(
    '/api/keys/:name',
    {
      schema: {
        summary: 'Revoke a key: it opens nothing any more, nor do the sessions that began with it',
        operationId: 'revokeKey',
        tags: ['Server'],
        params: keyParameter,
        response: { 204: noContent },
      },
      config: {
        scope: 'admin',
        errors: ['not_found', 'key_conflict', 'store_unavailable', 'storage_full'],
      },
    },
    async (request, reply) => {
      keys.revoke(request.params.name)
      return reply.code(204).send()
    },
  )
}

function present({ name, scope, createdAt, expiresAt }: ApiKey) {
  return { name, scope, created_at: createdAt, expires_at: expiresAt }
}

function keyless(): LookalikeError {
  return new LookalikeError(
    'unsupported',
    'This server asks for no key, so anybody could make the first one. Where it runs, `npm run admin-key -- <name>` ' +
      'makes it; or set API_KEYS to a long random string, which is a key with the scope admin.',
  )
}
