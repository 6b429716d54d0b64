import { z } from 'zod'
import type { ImageRecord, Json, Metadata } from './record.ts'
import { isKeyPath } from './key-path.ts'
import { bandsOf } from './perceptual.ts'

/**
 * Filters are the part of Qdrant's JSON filter form that people use, so that a filter means the same
 * in every store. Source of the semantics: https://qdrant.tech/documentation/concepts/filtering/
 */
const key = z.string().min(1).max(256).refine(isKeyPath, {
  error: 'not a key: write names joined by dots, in double quotes where they hold other characters',
})
const matchValue = z.union([z.string(), z.int(), z.boolean()])
const matchCondition = z.strictObject({
  key,
  match: z.union([
    z.strictObject({ value: matchValue }),
    z.strictObject({ any: z.union([z.array(z.string()), z.array(z.int())]) }),
  ]),
})
const rangeCondition = z.strictObject({
  key,
  range: z.strictObject({
    gt: z.number().optional(),
    gte: z.number().optional(),
    lt: z.number().optional(),
    lte: z.number().optional(),
  }),
})
const emptyCondition = z.strictObject({ is_empty: z.strictObject({ key }) })

export type Condition =
  | z.infer<typeof matchCondition>
  | z.infer<typeof rangeCondition>
  | z.infer<typeof emptyCondition>
  | Filter

export interface Filter {
  must?: Condition[] | undefined
  should?: Condition[] | undefined
  must_not?: Condition[] | undefined
}

const conditions = z.lazy(() => z.array(condition)).optional()
const anyFilter: z.ZodType<Filter> = z.strictObject({
  must: conditions,
  should: conditions,
  must_not: conditions,
})
const condition: z.ZodType<Condition> = z.union([
  matchCondition,
  rangeCondition,
  emptyCondition,
  anyFilter,
])

/** Deeper than anyone means, and shallow enough for every recursion that reads a filter. */
const mostNesting = 32

export const filterSchema: z.ZodType<Filter> = z
  .unknown()
  .refine((value) => isNestedAtMost(value, mostNesting), {
    error: `must be nested at most ${mostNesting} levels deep`,
    abort: true,
  })
  .pipe(anyFilter)

export function isNestedAtMost(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isNestedAtMost(inner, levels - 1))
}

/** Keys of the filter document that record fields take; metadata of the same name is shadowed. */
export const reservedKeys = ['image_uri', 'description', 'lookalike'] as const

/**
 * The JSON document that filters see: metadata at the top, so that keys are the caller's own, beside
 * the record's fields. These win over metadata of the same name, which is found under
 * `lookalike.shadowed`. A record of which only the image is known has no `lookalike`.
 */
export function filterDocument(record: ImageRecord): { [key: string]: Json } {
  const { metadata, file, embedderId, describedBy, indexedAt } = record
  const shadowed = shadowedMetadata(metadata)
  const facts = {
    ...file,
    ...(file?.phash && { phash_bands: bandsOf(file.phash) }),
    ...(embedderId !== null && { embedder: embedderId }),
    ...(describedBy && { described_by: describedBy }),
    ...(indexedAt !== null && { indexed_at: indexedAt }),
    ...(shadowed && { shadowed }),
  }
  const document: { [key: string]: Json } = { ...metadata }
  delete document.lookalike
  document.image_uri = record.imageUri
  document.description = record.description
  if (Object.keys(facts).length > 0) document.lookalike = facts
  return document
}

function shadowedMetadata(metadata: Metadata): Metadata | null {
  const keys = reservedKeys.filter((key) => Object.hasOwn(metadata, key))
  return keys.length > 0 ? Object.fromEntries(keys.map((key) => [key, metadata[key]!])) : null
}
