import { z } from 'zod'
import type { Json } from './json.ts'
import { JsonError, parseJson } from './parse-json.ts'

/** Values as query strings and forms have them: written as text, of which the schema is that of the value. */

/** A whole number written in digits; `1e1`, `0x10` and `abc` are refused rather than guessed at. Its bounds are the schema's. */
export function integerInText<T extends z.ZodType<number, number>>(schema: T) {
  return z
    .string()
    .trim()
    .refine((text) => /^-?\d+$/.test(text), 'must be a whole number, in digits')
    .transform(Number)
    .pipe(schema)
    .meta(describing(schema))
}

export function numberInText<T extends z.ZodType<number, number>>(schema: T) {
  return z
    .string()
    .trim()
    .refine((text) => /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text), 'must be a number')
    .transform(Number)
    .pipe(schema)
    .meta(describing(schema))
}

export function booleanInText(schema: z.ZodBoolean) {
  return (
    z
      .string()
      // Some languages write them with a capital.
      .toLowerCase()
      .refine((text) => text === 'true' || text === 'false', 'must be true or false')
      .transform((text) => text === 'true')
      .pipe(schema)
      .meta(describing(schema))
  )
}

/** @param name the shape that is written as JSON, for those who read the description of the API */
export function jsonInText<T extends z.ZodType>(schema: T, name: string) {
  return z
    .string()
    .transform((text, context): Json => {
      try {
        return parseJson(text)
      } catch (error) {
        if (!(error instanceof JsonError)) throw error
        context.addIssue({ code: 'custom', message: error.message, path: [...error.path] })
        return z.NEVER
      }
    })
    .pipe(schema as unknown as z.ZodType<z.output<T>, Json>)
    .meta({
      description: schema.description,
      minLength: 1,
      contentMediaType: 'application/json',
      contentSchema: { $ref: `#/components/schemas/${name}` },
    })
}

/** Text on its way, and a number or a flag to whoever reads the description of the API. */
function describing(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...description } = z.toJSONSchema(schema, { io: 'input' })
  return description
}
