import { LookalikeError } from '../errors.ts'

/** Longest answer to a query, in bytes: some 50,000 rows of three terms. */
export const mostAnswerBytes = 10_000_000
/** Most statements that one update may add and remove. */
export const mostChanges = 100_000

export function tooLarge(mostBytes: number): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The answer is larger than ${mostBytes / 1e6} MB. Add a LIMIT, or take everything with GET /api/kg/export.`,
  )
}

export function tooManyChanges(): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The update changes more than ${mostChanges} statements; nothing was changed. Do it in parts.`,
  )
}
