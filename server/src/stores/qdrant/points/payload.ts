import { z } from 'zod'
import { filterDocument, reservedKeys } from '../../../records/filter.ts'
import type { FileFacts, ImageRecord, Json, Metadata } from '../../../records/record.ts'
import { termsOf } from '../../../records/terms.ts'

export type PointId = string | number
export type Payload = { [key: string]: Json }

/** A record as it is written: its vector, and its payload made of the rest. */
export interface NewPoint {
  readonly id: string
  readonly vector: Float32Array
  readonly payload: Payload
}

const fileFacts = z.object({
  sha256: z.string(),
  format: z.string(),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  phash: z.string().optional(),
  missing: z.literal(true).optional(),
  thumbhash: z.string().optional(),
})

/** Where a point has its terms, as one text. */
export const wordsKey = 'lookalike.words'

/**
 * A record as a point's payload: exactly the document that filters see, so that the engine's filters
 * and `matches` look at the same thing, and its terms.
 */
export function payloadOf(record: ImageRecord): Payload {
  const document = filterDocument(record)
  return { ...document, lookalike: { ...asObject(document.lookalike), words: wordsOf(document) } }
}

/** What a payload without terms is to have as its words. */
export function wordsOf(payload: Payload): string {
  return termsOf(payload).map(wholeTerm).join(' ')
}

/** Where terms end: the index knows all beginnings of words, and this one is the whole. */
const end = 'º'

export function wholeTerm(term: string): string {
  return term + end
}

/**
 * The record a point holds. Another program's point has no `lookalike`, perhaps no description, and
 * where it has no `image_uri` its id stands in.
 */
export function recordOf(id: PointId, stored: unknown): ImageRecord {
  const payload = plainNumbers(asObject(stored))
  const ours = asObject(payload.lookalike)
  const tags = z.array(z.string()).safeParse(ours.tags)
  return {
    id: String(id),
    imageUri: asText(payload.image_uri) ?? `urn:qdrant-point:${id}`,
    description: asText(payload.description) ?? '',
    ...(ours.described_by === 'caller' && { describedBy: 'caller' }),
    ...(tags.success && { tags: tags.data }),
    metadata: metadataOf(payload, asObject(ours.shadowed)),
    file: fileOf(ours),
    embedderId: asText(ours.embedder),
    indexedAt: asText(ours.indexed_at),
  }
}

/** An id as Qdrant takes it; null for a string that can be none of a point. */
export function pointId(id: string): PointId | null {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase()
  // Lookalike never numbers its points, but the program that filled an adopted collection may have.
  return /^\d{1,15}$/.test(id) ? Number(id) : null
}

function metadataOf(payload: Payload, shadowed: Payload): Metadata {
  const metadata = { ...payload }
  for (const key of reservedKeys) {
    delete metadata[key]
    if (Object.hasOwn(shadowed, key)) metadata[key] = shadowed[key]!
  }
  return metadata
}

function fileOf(ours: Payload): FileFacts | null {
  const parsed = fileFacts.safeParse(ours)
  return parsed.success ? parsed.data : null
}

function asText(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function asObject(value: unknown): Payload {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Payload) : {}
}

/** The client reads integers past 2^53 as BigInt, which is no JSON: back to the nearest number. */
function plainNumbers<T>(value: T): T
function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map((element) => plainNumbers(element))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, plainNumbers<unknown>(inner)]),
  )
}
