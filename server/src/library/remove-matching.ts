import { filterDocument, type Filter } from '../records/filter.ts'
import type { Page, PageRequest } from '../stores/image-store.ts'
import type { ImageRecord } from '../records/record.ts'
import { matcher } from '../records/matches.ts'
import type { Parts } from './deps.ts'
import { removeUnusedFiles } from './remove-image.ts'

/** Records that are locked, deleted and cleared up after together. */
const batchSize = 500
const sampleSize = 10

export interface Removal {
  /** How many records the filter let through; some may have gone otherwise since. */
  readonly matched: number
  readonly deleted: number
  /** The first few of them, for whoever wants to see before deleting. */
  readonly sample: ImageRecord[]
}

/** What `removeMatching` would delete now. */
export async function previewRemoval(parts: Parts, filter: Filter): Promise<Removal> {
  const matched = await parts.store.count(filter)
  const { records } = await parts.store.list({ filter, limit: sampleSize })
  return { matched, deleted: 0, sample: records }
}

/**
 * Deletes every image that passes the filter, with the files nobody uses then. When the signal aborts
 * it stops between two batches: what is deleted stays deleted.
 */
export async function removeMatching(
  parts: Parts,
  filter: Filter,
  signal: AbortSignal,
): Promise<Removal> {
  let matched = 0
  let deleted = 0
  let sample: ImageRecord[] | undefined
  let request: PageRequest | null = { filter, limit: batchSize }
  while (request) {
    signal.throwIfAborted()
    const { records, nextCursor }: Page = await parts.store.list(request)
    sample ??= records.slice(0, sampleSize)
    matched += records.length
    deleted += await removeStillMatching(parts, records, filter)
    request = nextCursor === null ? null : { ...request, cursor: nextCursor }
  }
  return { matched, deleted, sample: sample ?? [] }
}

async function removeStillMatching(
  parts: Parts,
  records: ImageRecord[],
  filter: Filter,
): Promise<number> {
  const ids = records.map(({ id }) => id)
  const passes = matcher(filter)
  return parts.locks.runAll(ids, async () => {
    // Since it was listed, a record may have been given other metadata.
    const now = await parts.store.get(ids)
    const doomed = now.filter((record) => passes(filterDocument(record)))
    const deleted = await parts.store.delete(doomed.map(({ id }) => id))
    await removeUnusedFiles(
      parts,
      doomed.flatMap(({ file }) => file?.sha256 ?? []),
    )
    return deleted
  })
}
