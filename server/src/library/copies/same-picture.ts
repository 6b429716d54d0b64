import type { Change } from '../../images/comparison/change.ts'
import { isNear } from '../../records/perceptual.ts'
import type { FileFacts } from '../../records/record.ts'
import type { KnownCopies } from './known-copies.ts'

/** `identical`: the same bytes. `near_duplicate`: the same picture in another form. */
export type Likeness = 'identical' | 'near_duplicate'

/** What is known of pictures whose pixels were compared. */
export type Verdicts = Pick<KnownCopies, 'between' | 'of' | 'joined'>

export interface DuplicateOf {
  /** The record that is better kept. */
  readonly id: string
  readonly file: Pick<FileFacts, 'width' | 'height'>
  readonly kind: Likeness
  /** What was done to that one to get this one; null where only their hashes, or all their bytes, say that they are one. */
  readonly change: Change | null
}

/**
 * In what way two files are one picture by their bytes and hashes; null when these do not say so, or pixels say that they
 * are not. Copies whose hashes differ are found by what is joined: nothing is looked up here for most pairs.
 */
export function likeness(
  known: Verdicts,
  a: FileFacts | null,
  b: FileFacts | null,
): Likeness | null {
  if (!a || !b) return null
  if (a.sha256 === b.sha256) return 'identical'
  if (!isNear(a.phash ?? '', b.phash ?? '')) return null
  // Hashes take some pictures for one that are not.
  return known.between(a.sha256, b.sha256) === null ? null : 'near_duplicate'
}
