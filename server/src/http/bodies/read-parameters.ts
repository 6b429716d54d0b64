import type { z } from 'zod'
import { LookalikeError } from '../../errors.ts'

/** Forms and hand-made URLs send what was left empty: as good as not sent. */
export function withoutBlanks<T extends Record<string, unknown>>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) as T
}

/**
 * Reads the text fields of a form; the part of the schema that failed is named.
 *
 * @throws LookalikeError `invalid_parameter`
 */
export function readParameters<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'body'}: ${message}`,
  )
  throw new LookalikeError('invalid_parameter', `${reasons.join('; ')}.`, { cause: parsed.error })
}
