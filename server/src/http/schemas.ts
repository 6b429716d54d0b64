import { z } from 'zod'
import { errorCodes } from '../errors.ts'
import { imageFormats } from '../images/image.ts'

/** What the API answers with. `sdk/src/types.ts` states the same shapes for its callers. */

const metadata = z.record(z.string(), z.json())
const nullableText = z.string().nullable()
const nullableCount = z.int().nullable()
const milliseconds = z.number().optional()
const status = z.enum(['ok', 'degraded', 'unavailable'])

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
  cached: z.boolean(),
  timings_ms: z.object({
    receive: milliseconds,
    decode: milliseconds,
    describe: milliseconds,
    embed: milliseconds,
    search: milliseconds,
    total: z.number(),
  }),
  usage: z.object({ calls: z.int(), input_tokens: z.int(), output_tokens: z.int() }),
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

export const imagePage = z.object({ images: z.array(imageRecord), next_cursor: nullableText })

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

export const health = z.object({
  status,
  checks: z.object({ store: z.object({ status, detail: z.string() }) }),
})

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(errorCodes),
  request_id: z.string(),
})
