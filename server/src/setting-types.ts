import { z } from 'zod'

/** Kinds of values that several rooms' settings have. Blank settings never get here: they count as not set. */
export const count = z.coerce.number().int().positive()

/** `a, b,c` as its entries. */
export const list = z.string().transform(entriesOf)

/** An address without the slashes at its end, so that paths can be appended. */
export const url = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => !URL.canParse(text) || !holdsUser(new URL(text)),
    'must hold no user and no password, for addresses are shown and logged: there are settings for what opens it',
  )
  .transform((text) => text.replace(/\/+$/, ''))

function holdsUser({ username, password }: URL): boolean {
  return username !== '' || password !== ''
}

export function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}

/** A setting that cannot be used; the message lists every one of them and what is valid. */
export class ConfigError extends Error {}
