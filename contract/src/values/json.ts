import { z } from 'zod'
import { type Json, textTrouble } from './parse-json.ts'

export type { Json }

export type Metadata = { [key: string]: Json }

/** Whatever a JSON parser made: known to be JSON, so not walked through once more for each answer. */
export const json = z
  .unknown()
  .describe('Any JSON value')
  .meta({ id: 'Json' }) as unknown as z.ZodType<Json>

export const metadata = z
  .record(z.string(), json, 'must be a JSON object')
  .describe("The caller's own JSON object; filters reach into it by dotted keys")
  .meta({ id: 'Metadata', examples: [{ album: 'Harz', year: 2024, tags: ['fox', 'snow'] }] })

/** Deeper than anyone means, and shallow enough for every store. */
const maxNesting = 64

/** Each value is kept where a filter finds it; these are done in 50 ms, in which nobody else is answered. */
const maxValues = 1000

/** Metadata as it may be sent. */
export const givenMetadata = metadata
  .refine((value) => isNestedAtMost(value, maxNesting), {
    error: `must be nested at most ${maxNesting} levels deep`,
    abort: true,
  })
  .refine((value) => valuesIn(value, maxValues) <= maxValues, {
    error:
      `has more than ${maxValues} values, the most that are indexed of one picture: each member of an object and ` +
      'each element of a list counts. Keep long lists elsewhere, or as one text',
  })
  .describe("The caller's own JSON object, at most 64 levels deep and of 1000 values")

/** How many members and elements a value has, all together; counted no further than a little above `enough`. */
function valuesIn(value: unknown, enough: number): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  for (const inner of Object.values(value)) {
    count += 1 + valuesIn(inner, enough - count)
    if (count > enough) break
  }
  return count
}

export function isNestedAtMost(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isNestedAtMost(inner, levels - 1))
}

/** Text that a caller gives, and that is kept as it is. */
export const keptText = z.string().superRefine((text, context) => {
  const trouble = textTrouble(text)
  if (trouble) context.addIssue({ code: 'custom', message: trouble })
})

/** Text that may be absent. */
export const nullableText = z.string().nullable()

/** Answers that have no body. */
export const notModified = z.undefined().describe('Still the one that you have')

export const noContent = z.undefined().describe('Done; there is nothing to say')
