import type { ImageRecord, Metadata } from '../../records/record.ts'
import type { LibraryDeps, Upload } from '../deps.ts'

/**
 * The metadata that an index request asks for, completed by what the picture says of itself: a caller's own keys win,
 * and what is known of a picture already is never replaced by it.
 *
 * @param given what the caller sent
 * @param before the record as it is, if there is one
 * @returns undefined where the record keeps what it has
 */
export async function completedMetadata(
  { readEmbeddedMetadata: read }: LibraryDeps,
  upload: Upload,
  given: Metadata | undefined,
  before: ImageRecord | undefined,
): Promise<Metadata | undefined> {
  if (!read || (before && (!given || isSame(given, before.metadata)))) return given
  const said = await read(upload.source)
  const isKnown = before?.file?.sha256 === upload.sha256
  return { ...(isKnown ? asEdited(said, before.metadata) : said), ...given }
}

/** Where somebody changed or deleted what the same picture said, that stays so. */
function asEdited(said: Metadata, edited: Metadata): Metadata {
  const left = Object.keys(said).filter((key) => Object.hasOwn(edited, key))
  return Object.fromEntries(left.map((key) => [key, edited[key]!]))
}

/** The order of keys counts: metadata is given back as it came. */
export function isSame(one: Metadata, other: Metadata): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
