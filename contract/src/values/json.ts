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

/** Metadata as it may be sent. */
export const givenMetadata = metadata
  .refine((value) => isNestedAtMost(value, maxNesting), {
    error: `must be nested at most ${maxNesting} levels deep`,
  })
  .describe("The caller's own JSON object, at most 64 levels deep")

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
