import type { z } from 'zod'

/**
 * Refuses addresses that hold a password: whoever sees the record, an export or a log would have it. So is a user of
 * the web's addresses, who may be a key.
 */
export function withoutPassword<T extends z.ZodType<string, string>>(schema: T) {
  return schema.refine(
    (text) => !URL.canParse(text) || !holdsSecret(new URL(text)),
    'must hold no user and no password: whoever sees the record would have them',
  )
}

function holdsSecret({ protocol, username, password }: URL): boolean {
  return password !== '' || (username !== '' && /^https?:$/.test(protocol))
}
