import { LookalikeError } from '../errors.ts'

/** The longest answer to a query, in bytes: some 50,000 rows of three terms. */
export const maxAnswerBytes = 10_000_000
/** Statements that one update may add and remove, at most. */
export const maxChanges = 100_000

export function tooLarge(maxBytes: number): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The answer is larger than ${maxBytes / 1e6} MB. Add a LIMIT, or take everything with GET /api/kg/export.`,
  )
}

export function tooManyChanges(): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The update changes more than ${maxChanges} statements; nothing was changed. Do it in parts.`,
  )
}
