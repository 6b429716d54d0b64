import { z } from 'zod'

export const keyScope = z
  .enum(['read', 'write', 'admin'])
  .describe(
    'What it opens: `read` searches and looks, `write` also adds, changes and deletes pictures and statements, ' +
      '`admin` also keys, snapshots and re-indexing',
  )
  .meta({ id: 'KeyScope' })
export type KeyScope = z.infer<typeof keyScope>

const keyName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'must be 1 to 64 of the letters a-z, digits, dots, hyphens and underscores, and begin with a letter or a digit',
  )
  .describe('What it is called here and in the audit log')

const expiresAt = z.iso
  .datetime({ offset: true })
  .nullable()
  .describe('When it ends by itself; null where it does not')

const keyExample = {
  name: 'shop',
  scope: 'read' as const,
  created_at: '2026-11-26T09:30:00.000Z',
  expires_at: '2027-11-26T09:30:00.000Z',
}

export const keyParameter = z.object({ name: keyName })

export const keyRequest = z
  .object({
    name: keyName,
    scope: keyScope,
    expires_at: expiresAt.default(null),
  })
  .describe('A key to be made')
  .meta({
    id: 'KeyRequest',
    examples: [{ name: 'shop', scope: 'read', expires_at: '2027-11-26T09:30:00Z' }],
  })

export const key = z
  .object({
    name: z.string().describe('What it is called here and in the audit log'),
    scope: keyScope,
    created_at: z.string().nullable().describe('When it was made; null for those of `API_KEYS`'),
    expires_at: expiresAt,
  })
  .describe('A key, without the key itself')
  .meta({ id: 'Key', examples: [keyExample] })
export type Key = z.infer<typeof key>

export const keyList = z
  .object({ keys: z.array(key).describe('All there are, those of `API_KEYS` first') })
  .describe('The keys that open this server')
  .meta({ id: 'KeyList', examples: [{ keys: [keyExample] }] })
export type KeyList = z.infer<typeof keyList>

export const madeKey = key
  .extend({ key: z.string().describe('The key itself, which is told this once and kept nowhere') })
  .describe('A key that was made')
  .meta({
    id: 'MadeKey',
    examples: [{ ...keyExample, key: 'lk_3q2-7wX0c8b1uVZ5y4mGd9sKfT6hJpRnAeLoQiWzXcE' }],
  })
export type MadeKey = z.infer<typeof madeKey>
