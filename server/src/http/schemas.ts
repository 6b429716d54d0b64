import { z } from 'zod'
import { errorCodes } from '../errors.ts'
import { imageFormats } from '../images/image.ts'
import type { Json } from '../records/record.ts'

/** What the API answers with. `sdk/src/types.ts` states the same shapes for its callers. */

/** Whatever a JSON parser made: known to be JSON, so not walked through once more for each answer. */
const json = z.unknown() as unknown as z.ZodType<Json>
export const metadata = z.record(z.string(), json, 'must be a JSON object')
const nullableText = z.string().nullable()
const nullableCount = z.int().nullable()
const milliseconds = z.number().optional()
/** Bytes rather than JSON. */
export const binary = z.file()
/** No body at all. */
export const nothing = z.undefined()

const likeness = z.enum(['identical', 'near_duplicate'])
const duplicateOf = z.object({ id: z.string(), kind: likeness }).nullable()
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
      duplicate_of: duplicateOf,
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
  described_by: z.enum(['caller']).nullable(),
  metadata,
  sha256: nullableText,
  width: nullableCount,
  height: nullableCount,
  format: nullableText,
  bytes: nullableCount,
  phash: nullableText,
  embedder: nullableText,
  indexed_at: nullableText,
  image_url: nullableText,
  thumbnail_url: nullableText,
})

export const indexResponse = imageRecord.extend(cost)

export const imagePage = z.object({
  images: z.array(imageRecord.extend({ duplicate_of: duplicateOf })),
  next_cursor: nullableText,
})

export const duplicateGroupPage = z.object({
  groups: z.array(
    z.object({
      keeper: imageRecord,
      duplicates: z.array(z.object({ kind: likeness, image: imageRecord })),
    }),
  ),
  total_groups: z.int(),
  total_duplicates: z.int(),
  next_cursor: nullableText,
})

export const statementList = z.object({
  statements: z.array(
    z.object({
      said_by: z.enum(['library', 'people']),
      direction: z.enum(['from', 'to']),
      predicate: z.string(),
      other: z.object({ type: z.enum(['uri', 'literal']), value: z.string() }),
      name: nullableText,
    }),
  ),
})

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
  embedder_in_settings: z.string(),
  store: z.string(),
  graph: z.string(),
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
  checks: z.object({
    store: check,
    files: check,
    embedder: check.optional(),
    graph: check.optional(),
  }),
})

export const reindexPlan = z.object({
  records: z.int(),
  describe: z.int(),
  embed: z.int(),
  nothing: z.int(),
  from_description: z.int(),
  impossible: z.int(),
  estimated_usd: z.number().nullable(),
  estimated_minutes: z.number(),
  basis: z.enum(['measured', 'typical']),
})

export const reindexStatus = z.object({
  state: z.enum(['none', 'running', 'stopped', 'failed', 'complete']),
  from: z.string(),
  to: z.string(),
  describe_again: z.boolean(),
  leave_out_failed: z.boolean(),
  counts: z.object({
    total: z.int(),
    done: z.int(),
    reused: z.int(),
    described: z.int(),
    embedded: z.int(),
    from_description: z.int(),
    failed: z.int(),
  }),
  failures: z.array(z.object({ id: z.string(), image_uri: z.string(), reason: z.string() })),
  reason: nullableText,
  started_at: nullableText,
  finished_at: nullableText,
  rate: z.number().nullable(),
  report: z
    .object({
      sampled: z.int(),
      mean_overlap: z.number(),
      same_first: z.int(),
      most_moved: z.array(
        z.object({
          id: z.string(),
          image_uri: z.string(),
          kept: z.int(),
          of: z.int(),
          first_before: nullableText,
          first_after: nullableText,
        }),
      ),
    })
    .nullable(),
  kept: nullableText,
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

/** The names of these shapes in the description of the API. */
const names = {
  SearchResponse: searchResponse,
  ImageRecord: imageRecord,
  IndexResponse: indexResponse,
  ImagePage: imagePage,
  DuplicateGroupPage: duplicateGroupPage,
  FoundImages: foundImages,
  Removal: removal,
  Facets: facets,
  ImportResult: importResult,
  UsageReport: usageReport,
  ImportEstimate: importEstimate,
  Info: info,
  Health: health,
  ReindexPlan: reindexPlan,
  ReindexStatus: reindexStatus,
  Problem: problem,
}
for (const [id, schema] of Object.entries(names)) z.globalRegistry.add(schema, { id })
