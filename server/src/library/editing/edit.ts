import { filterDocument, type Filter } from '../../records/filter.ts'
import { matcher } from '../../records/matches.ts'
import type { ImageRecord, Metadata } from '../../records/record.ts'
import { pagesOf } from '../../stores/pages.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import type { LibraryDeps } from '../deps.ts'
import { unknownImage } from '../missing.ts'
import { removeUnusedFiles } from '../unused-files.ts'

/** Records that are locked and deleted, and whose files are cleaned up, together. */
const batchSize = 500
const sampleSize = 10

export interface Removal {
  /** How many records the filter let through; some may have gone otherwise since. */
  readonly matched: number
  readonly deleted: number
  /** The first few of them, to be shown before anything is deleted. */
  readonly sample: ImageRecord[]
}

/**
 * Replaces an image's metadata and returns its record as it is now.
 *
 * @throws LookalikeError `not_found`
 */
export async function setMetadata(
  deps: LibraryDeps,
  id: string,
  metadata: Metadata,
): Promise<ImageRecord> {
  return deps.locks.run(id, async () => {
    const known = await deps.store.setMetadata(id, metadata)
    const [record] = known ? await deps.store.get([id]) : []
    if (!record) throw unknownImage(id)
    return record
  })
}

/**
 * Takes an image out of the library; its file goes too, unless another record shares it.
 *
 * @throws LookalikeError `not_found`
 */
export async function removeImage(deps: LibraryDeps, id: string): Promise<void> {
  const deleted = await removeAll(deps, [id], () => true)
  if (deleted === 0) throw unknownImage(id)
}

/** What `removeMatching` would delete now. */
export async function previewRemoval(deps: LibraryDeps, filter: Filter): Promise<Removal> {
  const matched = await deps.store.count(filter)
  const { records } = await deps.store.list({ filter, limit: sampleSize })
  return { matched, deleted: 0, sample: records }
}

/**
 * Deletes every image that passes the filter, with the files that no other record uses. When the signal
 * aborts it stops between two batches: what is deleted stays deleted, as it does when the process dies, and asking again
 * deletes the rest.
 *
 * @param onDeleted told of each batch
 */
export async function removeMatching(
  deps: LibraryDeps,
  filter: Filter,
  signal: AbortSignal,
  onDeleted: (ids: readonly string[]) => void,
): Promise<Removal> {
  const passes = matcher(filter)
  let matched = 0
  let deleted = 0
  let sample: ImageRecord[] | undefined
  for await (const { records } of pagesOf(deps.store, { filter, limit: batchSize })) {
    await yieldToOthers(signal)
    sample ??= records.slice(0, sampleSize)
    matched += records.length
    // Since it was listed, a record may have been given other metadata.
    deleted += await removeAll(
      deps,
      records.map(({ id }) => id),
      (record) => passes(filterDocument(record)),
      onDeleted,
    )
  }
  return { matched, deleted, sample: sample ?? [] }
}

/**
 * Deletes those of the records that are there and pass, with the files that no other record uses.
 *
 * @returns how many were deleted
 */
export async function removeAll(
  deps: LibraryDeps,
  ids: string[],
  passes: (record: ImageRecord) => boolean,
  onDeleted: (ids: readonly string[]) => void = () => {},
): Promise<number> {
  return deps.locks.runAll(ids, async () => {
    const doomed = (await deps.store.get(ids)).filter(passes)
    const doomedIds = doomed.map(({ id }) => id)
    await yieldToOthers()
    const deleted = await deps.store.delete(doomedIds)
    onDeleted(doomedIds)
    await removeUnusedFiles(
      deps,
      doomed.flatMap(({ file }) => file?.sha256 ?? []),
    )
    return deleted
  })
}
