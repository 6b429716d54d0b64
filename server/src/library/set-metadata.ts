import type { ImageRecord, Metadata } from '../records/record.ts'
import type { Parts } from './deps.ts'
import { unknownImage } from './unknown-image.ts'

/** Replaces an image's metadata and returns its record as it is now. */
export async function setMetadata(
  parts: Parts,
  id: string,
  metadata: Metadata,
): Promise<ImageRecord> {
  return parts.locks.run(id, async () => {
    const known = await parts.store.setMetadata(id, metadata)
    const [record] = known ? await parts.store.get([id]) : []
    if (!record) throw unknownImage(id)
    return record
  })
}
