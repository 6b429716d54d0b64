import type { FileFacts, ImageRecord } from '../../records/record.ts'
import { isNear } from '../../records/perceptual.ts'

/** `identical`: the same bytes. `near_duplicate`: the same picture in another size, format or quality. */
export type Likeness = 'identical' | 'near_duplicate'

export interface DuplicateOf {
  /** The record that is better kept. */
  readonly id: string
  readonly kind: Likeness
}

/** What decides which of two records is better kept. */
export interface Standing extends Pick<ImageRecord, 'id' | 'indexedAt'> {
  readonly file: Pick<FileFacts, 'width' | 'height' | 'bytes'> | null
}

/** In what way two files are one picture; null when they are not, as far as is known. */
export function likeness(a: FileFacts | null, b: FileFacts | null): Likeness | null {
  if (!a || !b) return null
  if (a.sha256 === b.sha256) return 'identical'
  return isNear(a.phash ?? '', b.phash ?? '') ? 'near_duplicate' : null
}

/**
 * Sorts the record that is better kept to the front: more pixels, then more bytes (less compressed),
 * then the one that was here first.
 */
export function byKeeping(a: Standing, b: Standing): number {
  const pixels = ({ file }: Standing) => (file ? file.width * file.height : 0)
  return (
    pixels(b) - pixels(a) ||
    (b.file?.bytes ?? 0) - (a.file?.bytes ?? 0) ||
    compare(a.indexedAt ?? '', b.indexedAt ?? '') ||
    compare(a.id, b.id)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
