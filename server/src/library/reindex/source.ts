import { isDeepStrictEqual } from 'node:util'
import type { Embedder } from '../../embedders/embedder.ts'
import { LookalikeError } from '../../errors.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { LibraryInUse } from '../in-use/library-in-use.ts'
import type { ReindexOptions } from './job.ts'

/** What a record's new vector is made of. */
export type Source = 'description' | 'file'

/** By what the source of each record is chosen. */
export interface SourceRules {
  /** The embedder whose library is being made. */
  readonly target: Embedder
  /** Whether the embedder's descriptions are kept; where texts can be embedded, only they are. */
  readonly keepDescriptions: boolean
}

/** @param from id of the embedder that made the library */
export function sourceRules(
  { embedder, target }: LibraryInUse,
  { describeAgain }: ReindexOptions,
  from = embedder.id,
): SourceRules {
  return { target, keepDescriptions: !describeAgain && target.keepsDescriptionsOf(from) }
}

/** Whether its vectors of pictures are those of their descriptions, so that a text will do for a record. */
export function embedsDescriptions({ capabilities, embedText }: Embedder): boolean {
  return capabilities.embeds === 'descriptions' && embedText !== undefined
}

/** Whether describing a picture again may say something else: prose differs each time, and lists of names are corrected. */
function canDescribeAgain(target: Embedder): boolean {
  return embedsDescriptions(target) || target.naming !== undefined
}

/** @throws LookalikeError `unsupported` when re-embedding the library would change nothing */
export function assertNeeded(
  { embedder, target }: LibraryInUse,
  { describeAgain }: ReindexOptions,
): void {
  if (describeAgain && !canDescribeAgain(target)) {
    throw new LookalikeError(
      'unsupported',
      `The embedder ${target.id} describes what it measures, always alike: describing again changes nothing.`,
    )
  }
  if (describeAgain || embedder.id !== target.id) return
  const orDescribe = canDescribeAgain(target)
    ? ', or describe the pictures again (describe_again) as is done now.'
    : '.'
  throw new LookalikeError(
    'unsupported',
    `The library was made by ${target.id}, the embedder of the settings: there is nothing to re-index. ` +
      `Change EMBEDDER or its models and restart${orDescribe}`,
  )
}

/** Whether the record has a description that stays; what a person wrote always does. */
export function keepsDescription(
  { description, describedBy }: ImageRecord,
  { keepDescriptions }: SourceRules,
): boolean {
  return description !== '' && (keepDescriptions || describedBy === 'caller')
}

/**
 * What the record is re-embedded from. A record without a file is re-embedded from its description
 * where the target embeds texts.
 *
 * @throws LookalikeError `not_found` when there is neither
 */
export function sourceOf(record: ImageRecord, rules: SourceRules): Source {
  const { target } = rules
  const hasText = embedsDescriptions(target) && record.description !== ''
  if (hasText && keepsDescription(record, rules)) return 'description'
  if (record.file && !record.file.missing) return 'file'
  if (hasText) return 'description'
  throw withoutSource(target)
}

/** For a record that can only be re-embedded from a file that is not there. */
export function withoutSource(target: Embedder): LookalikeError {
  const text = embedsDescriptions(target)
    ? 'it has no description'
    : `${target.id} cannot embed its description in place of the picture`
  return new LookalikeError(
    'not_found',
    `Its file is not here, and ${text}. Index the picture again under its image URI, or delete the record.`,
  )
}

/** Whether what was re-embedded is what is there now: no other picture was indexed, no file sent, since. */
export function isSamePicture(
  before: ImageRecord,
  after: ImageRecord,
  rules: SourceRules,
): boolean {
  return (
    before.imageUri === after.imageUri &&
    before.file?.sha256 === after.file?.sha256 &&
    before.file?.missing === after.file?.missing &&
    before.indexedAt === after.indexedAt &&
    before.describedBy === after.describedBy &&
    (!keepsDescription(before, rules) || before.description === after.description)
  )
}

/** Whether all that the library says of a picture is said of it in the new one. */
export function isSameRecord(before: ImageRecord, after: ImageRecord, rules: SourceRules): boolean {
  return (
    isSamePicture(before, after, rules) &&
    isDeepStrictEqual(before.file, after.file) &&
    isDeepStrictEqual(before.metadata, after.metadata)
  )
}
