import type { Condition as WireCondition } from '@lookalike/contract'
import type { ImageRecord, Json, Metadata } from './record.ts'
import { bandsOf } from './perceptual.ts'

/** A word as `termsOf` writes it, or the beginning of one. */
export interface Term {
  readonly text: string
  readonly isBeginning?: true
}

/** Terms that stand in a record together, wherever. */
export type Phrase = readonly Term[]

/** Holds where of each choice of phrases one stands. Callers do not write it: it is made of the words that they do. */
export interface WordsCondition {
  readonly words: readonly (readonly Phrase[])[]
}

type ValueCondition = Extract<WireCondition, { key: string } | { is_empty: unknown }>
export type Condition = ValueCondition | WordsCondition | Filter

/** The filters that callers write, and those that are made of words. */
export interface Filter {
  must?: Condition[] | undefined
  should?: Condition[] | undefined
  must_not?: Condition[] | undefined
}

/** Keys of the filter document that record fields take; metadata of the same name is shadowed. */
export const reservedKeys = ['image_uri', 'description', 'lookalike'] as const

/**
 * The JSON document that filters see: metadata at the top, so that keys are the caller's own, beside
 * the record's fields. These win over metadata of the same name, which is found under
 * `lookalike.shadowed`. A record of which only the image is known has no `lookalike`.
 */
export function filterDocument(record: ImageRecord): { [key: string]: Json } {
  const { metadata, file, embedderId, describedBy, tags, indexedAt } = record
  const shadowed = shadowedMetadata(metadata)
  const facts = {
    ...file,
    ...(file?.phash && { phash_bands: bandsOf(file.phash) }),
    ...(embedderId !== null && { embedder: embedderId }),
    ...(describedBy && { described_by: describedBy }),
    ...(tags && { tags: [...tags] }),
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
