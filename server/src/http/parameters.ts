import { z } from 'zod'
import { LookalikeError } from '../errors.ts'
import { filterSchema } from '../stores/filter.ts'
import type { Json } from '../stores/image-store.ts'

/** A whole number written in digits; `1e1`, `0x10` and `abc` are refused rather than guessed at. */
const wholeNumber = z.string().trim().regex(/^\d+$/, 'must be a whole number').transform(Number)

const decimal = z
  .string()
  .trim()
  .regex(/^-?(\d+\.?\d*|\.\d+)$/, 'must be a number')
  .transform(Number)

function json<T>(schema: z.ZodType<T>) {
  return z
    .string()
    .transform((text, context): Json => {
      try {
        return JSON.parse(text) as Json
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' })
        return z.NEVER
      }
    })
    .pipe(schema as z.ZodType<T, Json>)
}

const limit = (most: number, usual = 10) =>
  wholeNumber
    .pipe(z.number().min(1, 'must be at least 1').max(most, `must be at most ${most}`))
    .default(usual)

const threshold = decimal
  .pipe(z.number().min(-1, 'must be between -1 and 1').max(1, 'must be between -1 and 1'))
  .optional()

export const searchParameters = z.object({
  limit: limit(100).describe('How many results at most, 1 to 100'),
  score_threshold: threshold.describe('Only results that score at least this; 0 means no cut'),
  filter: json(filterSchema).optional().describe('Filter as JSON: must, should, must_not'),
})

/** The same as JSON, where numbers are numbers and the filter is an object. */
export const textSearchBody = z.object({
  query: z.string().trim().min(1, 'must not be empty').max(8000),
  limit: z.int().min(1, 'must be at least 1').max(100, 'must be at most 100').default(10),
  score_threshold: z
    .number()
    .min(-1, 'must be between -1 and 1')
    .max(1, 'must be between -1 and 1')
    .optional(),
  filter: filterSchema.optional(),
})

export const usageParameters = z.object({
  days: wholeNumber
    .pipe(z.number().min(1, 'must be at least 1').max(366, 'must be at most 366'))
    .default(30)
    .describe('How many days back, today included'),
})

export const estimateParameters = z.object({
  images: wholeNumber
    .pipe(z.number().min(1, 'must be at least 1').max(1e9, 'must be at most 1e9'))
    .describe('How many new images'),
})

export const listParameters = z.object({
  limit: limit(1000).describe('How many images at most, 1 to 1000'),
  cursor: z.string().optional().describe('next_cursor of the page before'),
  filter: json(filterSchema).optional().describe('Filter as JSON: must, should, must_not'),
})

const metadata = z.record(z.string(), z.json(), 'must be a JSON object')

const absoluteUri = z
  .string()
  .trim()
  .max(2048, 'must be at most 2048 characters')
  .refine(
    (text) => URL.canParse(text),
    'must be an absolute URI, such as https://example.org/a.jpg',
  )

export const indexParameters = z.object({
  image_uri: absoluteUri.optional(),
  image_url: absoluteUri.optional(),
  metadata: json(metadata).optional(),
  description: z.string().trim().min(1, 'must not be empty').max(8000).optional(),
})

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
  .transform((text) => text.toLowerCase())

export const lookupBody = z.object({
  sha256: z.array(sha256).max(1000, 'must be at most 1000').describe('SHA-256 of files, in hex'),
})

export const removalParameters = z.object({
  filter: json(filterSchema).describe('Filter as JSON; {} means every image'),
  dry_run: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((text) => text === 'true')
    .describe('true: only say what would be deleted'),
})

export const facetKey = z.object({ key: z.string().min(1).max(256) })

export const facetParameters = z.object({
  limit: limit(1000, 100).describe('How many values at most, 1 to 1000'),
  filter: listParameters.shape.filter,
})

export const exportParameters = listParameters.omit({ limit: true })

export const importBody = z.string('must be JSON Lines: send Content-Type application/x-ndjson')

export const metadataBody = z.object({ metadata })

export const idParameter = z.object({
  id: z.guid('must be the id of an image: a UUID').transform((id) => id.toLowerCase()),
})

/**
 * Reads parameters that came as text; the part of the schema that failed is named.
 *
 * @throws LookalikeError `invalid_parameter`
 */
export function readParameters<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw invalidParameter(parsed.error)
}

/** One line for all that is wrong with the parameters. */
export function invalidParameter(error: z.core.$ZodError): LookalikeError {
  const reasons = error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  return new LookalikeError('invalid_parameter', `${reasons.join('; ')}.`, { cause: error })
}
