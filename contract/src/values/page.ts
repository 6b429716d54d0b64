import { z } from 'zod'
import { nullableText } from './json.ts'

export const nextCursor = nullableText.describe('`cursor` of the next page; null after the last')
export const cursor = z.string().describe('`next_cursor` of the page before')

/** How many entries a page has at most. */
export const pageLimit = (what: string) =>
  z
    .int()
    .min(1, 'must be at least 1')
    .max(1000, 'must be at most 1000')
    .describe(`How many ${what} at most, 1 to 1000`)
