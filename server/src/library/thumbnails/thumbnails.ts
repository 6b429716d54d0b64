import { buffer } from 'node:stream/consumers'
import { LookalikeError } from '../../errors.ts'
import type { FileKind } from '../../files/file-store.ts'
import {
  encodeThumbnail,
  isOwnThumbnail,
  type ThumbnailEdge,
  thumbnailEdges,
  usefulEdge,
} from '../../images/encode.ts'
import type { FileFacts } from '../../records/record.ts'
import type { LibraryDeps } from '../deps.ts'

/** So many are made at once: a page asks for a screen of them, and each takes a picture in memory. */
const lanes = 2

/** Which of a picture's files is its thumbnail of a size. */
export function thumbnailKind(file: FileFacts, edge: ThumbnailEdge): FileKind {
  const useful = usefulEdge(file, edge)
  if (isOwnThumbnail(file, useful)) return 'original'
  return useful === thumbnailEdges[0] ? 'thumbnail' : `thumbnail-${useful}`
}

/**
 * Makes a thumbnail that is made on demand, and keeps it beside the others for as long as there is room.
 *
 * @returns null when the original is not there
 * @throws LookalikeError `files_unavailable`, or what `decode` throws
 */
export async function makeThumbnail(
  deps: LibraryDeps,
  { sha256, bytes }: FileFacts,
  kind: FileKind,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const edge = Number(kind.split('-')[1]) as ThumbnailEdge
  const lane = `thumbnails ${Number.parseInt(sha256.slice(0, 2), 16) % lanes}`
  // Pictures of one lane come one after the other, so one that many ask for is made once.
  return deps.locks.run(lane, async () => {
    signal.throwIfAborted()
    const made = await deps.files.read(kind, sha256)
    if (made) return buffer(made.stream)
    const original = await deps.files.read('original', sha256)
    if (original?.bytes !== bytes) {
      original?.stream.destroy()
      return null
    }
    const image = await deps.decode(await buffer(original.stream), { edge, signal })
    const thumbnail = await encodeThumbnail(image, edge)
    await keep(deps, kind, sha256, thumbnail)
    return thumbnail
  })
}

/** Unless its record has gone meanwhile, and its files with it. */
async function keep(deps: LibraryDeps, kind: FileKind, sha256: string, thumbnail: Buffer) {
  await deps.locks.run(sha256, async () => {
    const users = await deps.store.findByContentHash([sha256])
    if (users.length === 0) return
    await deps.files.put(kind, sha256, thumbnail).catch((error: unknown) => {
      // It is made again whenever there is no room to keep it.
      if (!(error instanceof LookalikeError && error.code === 'storage_full')) throw error
    })
  })
}
