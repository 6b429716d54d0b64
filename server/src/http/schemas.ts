import { z } from 'zod'
import { errorCodes } from '../errors.ts'
import { imageFormats } from '../images/image.ts'

/** What the API answers with. `sdk/src/types.ts` states the same shapes for its callers. */

const metadata = z.record(z.string(), z.json())
const nullableText = z.string().nullable()
const nullableCount = z.int().nullable()
const milliseconds = z.number().optional()
const status = z.enum(['ok', 'degraded', 'unavailable'])

/** What an answer took. */
const cost = {
  cached: z.boolean(),
  timings_ms: z.object({
    receive: milliseconds,
    decode: milliseconds,
    describe: milliseconds,
    embed: milliseconds,
    search: milliseconds,
    store: milliseconds,
    total: z.number(),
  }),
  usage: z.object({
    calls: z.int(),
    input_tokens: z.int(),
    output_tokens: z.int(),
    estimated_usd: z.number().nullable(),
  }),
}

export const searchResponse = z.object({
  query_image: z.object({
    filename: nullableText,
    description: z.string(),
    sha256: nullableText,
    width: nullableCount,
    height: nullableCount,
    format: nullableText,
    bytes: nullableCount,
  }),
  results: z.array(
    z.object({
      id: z.string(),
      image_uri: z.string(),
      score: z.number(),
      description: z.string(),
      metadata,
      image_url: nullableText,
      thumbnail_url: nullableText,
      width: nullableCount,
      height: nullableCount,
    }),
  ),
  total_found: z.int(),
  embedder: z.string(),
  ...cost,
})

export const imageRecord = z.object({
  id: z.string(),
  image_uri: z.string(),
  description: z.string(),
  metadata,
  sha256: nullableText,
  width: nullableCount,
  height: nullableCount,
  format: nullableText,
  bytes: nullableCount,
  embedder: nullableText,
  indexed_at: nullableText,
  image_url: nullableText,
  thumbnail_url: nullableText,
})

export const indexResponse = imageRecord.extend(cost)

export const imagePage = z.object({ images: z.array(imageRecord), next_cursor: nullableText })

export const foundImages = z.object({ images: z.array(imageRecord) })

export const removal = z.object({
  dry_run: z.boolean(),
  matched: z.int(),
  deleted: z.int(),
  sample: z.array(imageRecord),
})

export const facets = z.object({
  key: z.string(),
  values: z.array(
    z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int() }),
  ),
})

/** A line of an export as it is read back: what can be told anew, such as links, is passed over. */
export const importedLine = z.object({
  image_uri: z.string().trim().min(1).max(2048),
  description: z.string(),
  metadata,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  format: z.enum(imageFormats).nullable(),
  bytes: z.int().positive().nullable(),
  embedder: z.string(),
  indexed_at: z.iso.datetime({ precision: 3 }).nullable(),
  vector: z.base64(),
})

export const exportCheckpoint = z.object({
  checkpoint: z.object({ cursor: nullableText, exported: z.int() }),
})

export const importResult = z.object({
  received: z.int(),
  stored: z.int(),
  created: z.int(),
  replaced: z.int(),
  without_file: z.int(),
})

export const info = z.object({
  name: z.string(),
  version: z.string(),
  embedder: z.object({
    id: z.string(),
    dimensions: z.int(),
    describes: z.enum(['semantic', 'visual']),
    text: z.boolean(),
  }),
  store: z.string(),
  images: nullableCount,
  limits: z.object({
    max_upload_mb: z.number(),
    max_megapixels: z.number(),
    formats: z.array(z.enum(imageFormats)),
  }),
})

const check = z.object({ status, detail: z.string() })
const callTotals = z.object({
  calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  estimated_usd: z.number(),
  unpriced_calls: z.int(),
})

export const usageReport = z.object({
  days: z.array(callTotals.extend({ day: z.string(), model: z.string() })),
  total: callTotals,
  month: z.object({ estimated_usd: z.number(), budget_usd: z.number().nullable() }),
})

export const importEstimate = z.object({
  images: z.int(),
  estimated_usd: z.number().nullable(),
  estimated_minutes: z.number(),
  basis: z.enum(['measured', 'typical']),
})

export const health = z.object({
  status,
  checks: z.object({ store: check, files: check }),
})

export const snapshot = z.object({ file: z.string(), images: z.int(), bytes: z.int() })

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(errorCodes),
  request_id: z.string(),
})
