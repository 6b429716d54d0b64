import type { Change } from '../../images/comparison/change.ts'
import { isNear } from '../../records/perceptual.ts'
import type { FileFacts } from '../../records/record.ts'
import type { KnownCopies } from '../copies/known-copies.ts'

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

/** In what way two files are one picture; null when they are not, as far as is known. */
export function likeness(
  known: Verdicts,
  a: FileFacts | null,
  b: FileFacts | null,
): Likeness | null {
  if (!a || !b) return null
  if (a.sha256 === b.sha256) return 'identical'
  const change = known.between(a.sha256, b.sha256)
  // Pixels overrule hashes, which take some pictures for one that are not.
  if (change !== undefined) return change && 'near_duplicate'
  return isNear(a.phash ?? '', b.phash ?? '') ? 'near_duplicate' : null
}
