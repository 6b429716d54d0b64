import { z } from 'zod'
import { LookalikeError } from '../errors.ts'
import { imageFormats } from '../images/image.ts'
import { filterSchema, isNestedAtMost } from '../records/filter.ts'
import type { Json } from '../records/record.ts'
import { metadata } from './schemas.ts'

/** A whole number written in digits; `1e1`, `0x10` and `abc` are refused rather than guessed at. */
const wholeNumber = z
  .string()
  .trim()
  .refine((text) => /^\d+$/.test(text), 'must be a whole number')
  .transform(Number)

const decimal = z
  .string()
  .trim()
  .refine((text) => /^-?(\d+\.?\d*|\.\d+)$/.test(text), 'must be a number')
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
    .meta({ contentMediaType: 'application/json' })
}

const limit = (most: number, usual = 10) =>
  wholeNumber
    .pipe(z.number().min(1, 'must be at least 1').max(most, `must be at most ${most}`))
    .default(usual)
    // Text on its way, and a number to whoever reads the description of the API.
    .meta({ type: 'integer', minimum: 1, maximum: most, default: usual })

const threshold = decimal
  .pipe(z.number().min(-1, 'must be between -1 and 1').max(1, 'must be between -1 and 1'))
  .optional()
  .meta({ type: 'number', minimum: -1, maximum: 1 })

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .default('false')
  .transform((text) => text === 'true')

export const searchParameters = z.object({
  limit: limit(100).describe('How many results at most, 1 to 100'),
  score_threshold: threshold.describe('Only results that score at least this; 0 means no cut'),
  filter: json(filterSchema).optional().describe('Filter as JSON: must, should, must_not'),
  hide_duplicates: flag.describe('true: of results that show the same picture, only the best'),
  sparql: z
    .string()
    .optional()
    .describe('SPARQL SELECT whose ?image are the only pictures that may be found'),
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
  hide_duplicates: z.boolean().default(false),
  sparql: z.string().optional(),
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

/** Deeper than anyone means, and shallow enough for every store. */
const mostNesting = 64
const givenMetadata = metadata.refine((value) => isNestedAtMost(value, mostNesting), {
  error: `must be nested at most ${mostNesting} levels deep`,
})

const absoluteUri = z
  .string()
  .trim()
  .max(2048, 'must be at most 2048 characters')
  .refine(
    (text) => URL.canParse(text),
    'must be an absolute URI, such as https://example.org/a.jpg',
  )

export const indexParameters = z.object({
  image_uri: absoluteUri
    .optional()
    .describe('What the image is known by; image_url, or made from its bytes, when not given'),
  image_url: absoluteUri.optional().describe('Where the server fetches the image from'),
  metadata: json(givenMetadata).optional().describe('JSON object of your own; kept when not given'),
  description: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(8000)
    .optional()
    .describe("Used instead of the embedder's description"),
})

/** The forms as they arrive, files included; `uploads.ts` reads the file, `readParameters` the rest. */
const imageFile = z.file().describe('JPEG, PNG, WebP, GIF, AVIF or TIFF')
export const searchForm = searchParameters.extend({ image_file: imageFile })
export const indexForm = indexParameters.extend({ image_file: imageFile.optional() })

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
  .transform((text) => text.toLowerCase())

export const lookupBody = z.object({
  sha256: z.array(sha256).max(1000, 'must be at most 1000').describe('SHA-256 of files, in hex'),
})

export const removalParameters = z.object({
  filter: json(filterSchema).describe('Filter as JSON; {} means every image'),
  dry_run: flag.describe('true: only say what would be deleted'),
})

export const fileParameters = z.object({
  v: z.string().optional().describe('Version in the links of a record: with it, kept for ever'),
})

/** PNG is for those who cannot read the others, such as terminals. */
export const thumbnailParameters = fileParameters.extend({
  format: z
    .enum(['webp', 'png'])
    .default('webp')
    .describe('webp, which for a small JPEG is that JPEG itself; or png made from it'),
})

export const facetKey = z.object({ key: z.string().min(1).max(256) })

export const facetParameters = z.object({
  limit: limit(1000, 100).describe('How many values at most, 1 to 1000'),
  filter: listParameters.shape.filter,
})

export const groupParameters = z.object({
  limit: limit(1000).describe('How many groups at most, 1 to 1000'),
  cursor: wholeNumber
    .pipe(z.number().max(1e9, 'is no next_cursor'))
    .default(0)
    .meta({ type: 'string' })
    .describe('next_cursor of the page before'),
})

export const exportParameters = listParameters.omit({ limit: true })

export const importBody = z.string('must be JSON Lines: send Content-Type application/x-ndjson')

/** A line of an export as it is read back: what can be told anew, such as links, is passed over. */
export const importedLine = z.object({
  image_uri: z.string().trim().min(1).max(2048),
  description: z.string(),
  described_by: z.enum(['caller']).nullish(),
  metadata: givenMetadata,
  sha256: sha256.nullable(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  format: z.enum(imageFormats).nullable(),
  bytes: z.int().positive().nullable(),
  phash: z
    .string()
    .regex(/^([0-9a-f]{16})?$/, 'must be 16 hexadecimal digits')
    .nullable(),
  embedder: z.string(),
  indexed_at: z.iso.datetime({ precision: 3 }).nullable(),
  vector: z.base64(),
})

export const metadataBody = z.object({ metadata: givenMetadata })

export const reindexBody = z
  .object({
    dry_run: z.boolean().default(false).describe('Only say what it would take'),
    describe_again: z
      .boolean()
      .default(false)
      .describe('Describe every picture as is done now, also with the same embedder'),
    leave_out_failed: z
      .boolean()
      .default(false)
      .describe('Delete records that cannot be made over, instead of stopping before the switch'),
  })
  .nullish()

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
