import { bandsOf, isNear } from '../../records/perceptual.ts'
import type { ImageRecord, VectorRecord } from '../../records/record.ts'
import type { ImageStore } from '../../stores/image-store.ts'

/** Among so many nearest pictures the original of nearly every copy is, whatever was done to it. */
const nearest = 10
/** Pictures of one hash may be many; that they are near shows after a few. */
const maxByHash = 10

/** Records that may show the same picture in other bytes: the nearest by vector, and those near by perceptual hash. */
export async function candidatesFor(
  store: ImageStore,
  record: VectorRecord,
): Promise<ImageRecord[]> {
  const { sha256, phash = '' } = record.file!
  const any = bandsOf(phash)
  const filter = { must: [{ key: 'lookalike.phash_bands', match: { any } }] }
  const [near, sharing] = await Promise.all([
    store.search({ vector: record.vector, limit: nearest + 1 }),
    any.length > 0 ? store.list({ filter, limit: 100 }) : { records: [] },
  ])
  const byHash = sharing.records.filter(({ file }) => isNear(file?.phash ?? '', phash))
  const found = new Map<string, ImageRecord>()
  for (const each of [...near.map((hit) => hit.record), ...byHash.slice(0, maxByHash)]) {
    if (each.file && !each.file.missing && each.file.sha256 !== sha256) {
      found.set(each.file.sha256, each)
    }
  }
  return [...found.values()]
}
