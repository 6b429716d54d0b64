import { buffer } from 'node:stream/consumers'
import { LookalikeError } from '../../errors.ts'
import { drawContactSheet } from '../../images/contact-sheet.ts'
import { thumbnailEdges } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { LibraryDeps } from '../deps.ts'
import { makeThumbnail, thumbnailKind } from './thumbnails.ts'

/**
 * The pictures of these ids on one sheet, numbered from 1. Of what has no picture (any more), the place stays grey:
 * between a search and its sheet a picture may be deleted, and the others keep their numbers.
 *
 * @returns JPEG
 * @throws LookalikeError `store_unavailable`, `files_unavailable`, `overloaded`
 */
export async function contactSheet(
  deps: LibraryDeps,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Buffer> {
  const records = await deps.store.get([...new Set(ids)])
  const byId = new Map(records.map((record) => [record.id, record]))
  return drawContactSheet(ids.map((id) => () => thumbnailOf(deps, byId.get(id), signal)))
}

async function thumbnailOf(
  deps: LibraryDeps,
  record: ImageRecord | undefined,
  signal: AbortSignal,
): Promise<NormalisedImage | null> {
  signal.throwIfAborted()
  if (!record?.file || record.file.missing) return null
  const edge = thumbnailEdges[0]
  const kind = thumbnailKind(record.file, edge)
  const kept = await deps.files.read(kind, record.file.sha256)
  const bytes = kept
    ? await buffer(kept.stream)
    : kind === 'original'
      ? null
      : await makeThumbnail(deps, record.file, kind, signal)
  if (!bytes) return null
  try {
    return await deps.decode(bytes, { edge, signal })
  } catch (error) {
    // A file that was damaged on its disk takes no other picture along.
    if (error instanceof LookalikeError && error.code === 'invalid_image') return null
    throw error
  }
}
