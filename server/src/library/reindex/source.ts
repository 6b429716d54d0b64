import type { Embedder } from '../../embedders/embedder.ts'
import { LookalikeError } from '../../errors.ts'
import type { ImageRecord } from '../../records/record.ts'

/** What a record's new vector is made of. */
export type Way = 'words' | 'file'

export interface WayParts {
  /** The embedder whose library is being made. */
  readonly wanted: Embedder
  /** Whether the embedder's descriptions are kept; where words can be embedded, they are all that is. */
  readonly keepDescriptions: boolean
}

/** Whether the record has a description that stays; what a person wrote always does. */
export function keepsWords(
  { description, describedBy }: ImageRecord,
  { keepDescriptions }: Pick<WayParts, 'keepDescriptions'>,
): boolean {
  return description !== '' && (keepDescriptions || describedBy === 'caller')
}

/**
 * Of what the record is made over. A record without a file is made over from its description where the
 * embedder can embed words.
 *
 * @throws LookalikeError `not_found` when there is neither
 */
export function wayOf(record: ImageRecord, parts: WayParts): Way {
  const { wanted } = parts
  const hasWords = wanted.embedText !== undefined && record.description !== ''
  if (hasWords && keepsWords(record, parts)) return 'words'
  if (record.file && !record.file.missing) return 'file'
  if (hasWords) return 'words'
  throw withoutFile(wanted)
}

/** For a record that can only be made over from a file that is not there. */
export function withoutFile({ id, embedText }: Embedder): LookalikeError {
  const words = embedText ? 'it has no description' : `${id} cannot embed its description`
  return new LookalikeError(
    'not_found',
    `Its file is not here, and ${words}. Index the picture again under its image URI, or delete the record.`,
  )
}
