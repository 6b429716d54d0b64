import { z } from 'zod'
import type { ImageRecord, Json } from './image-store.ts'

/**
 * Filters are the part of Qdrant's JSON filter form that people use, so that a filter means the same
 * in every store. Source of the semantics: https://qdrant.tech/documentation/concepts/filtering/
 */
const key = z.string().min(1).max(256)
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
export const filterSchema: z.ZodType<Filter> = z.strictObject({
  must: conditions,
  should: conditions,
  must_not: conditions,
})
const condition: z.ZodType<Condition> = z.union([
  matchCondition,
  rangeCondition,
  emptyCondition,
  filterSchema,
])

/** Keys of the filter document that record fields take; metadata of the same name is shadowed. */
export const reservedKeys = ['image_uri', 'description', 'lookalike'] as const

/**
 * The JSON document that filters see: metadata at the top, so that keys are the caller's own, beside
 * the record's fields. `image_uri` and `description` win over metadata of the same name.
 */
export function filterDocument(record: ImageRecord): { [key: string]: Json } {
  return {
    ...record.metadata,
    image_uri: record.imageUri,
    description: record.description,
    lookalike: {
      ...record.file,
      embedder: record.embedderId,
      indexed_at: record.indexedAt,
    },
  }
}
