import type { Change } from '../../images/comparison/change.ts'
import type { Comparer } from '../../images/comparison/comparer.ts'
import { sketchOf } from '../../images/comparison/sketch.ts'
import type { NormalisedImage } from '../../images/image.ts'
import type { FileFacts, ImageRecord } from '../../records/record.ts'
import type { KnownCopies } from './known-copies.ts'
import type { Sketches } from './sketches.ts'

/** How many of the nearest a picture from outside is compared with: each takes milliseconds that somebody waits for. */
const comparedNow = 5

/** What a search needs to say which of its results are the same picture. */
export interface CopyChecks {
  readonly known: KnownCopies
  readonly sketches: Sketches
  readonly comparer: Comparer
}

/**
 * Those of the records, by id, that are known to be the picture of the query in other bytes, with what was done to the
 * query to get them. For a picture of the library that is looked up; one from outside is compared here, with the first few.
 *
 * @param image the query's pixels, where they are at hand
 */
export async function copiesOfQuery(
  { known, sketches, comparer }: CopyChecks,
  query: { readonly file: FileFacts | null; readonly image?: NormalisedImage | undefined },
  records: readonly ImageRecord[],
): Promise<Map<string, Change>> {
  const found = new Map<string, Change>()
  if (!query.file) return found
  const { sha256 } = query.file
  const unknown = []
  for (const record of records) {
    if (!record.file || record.file.sha256 === sha256) continue
    const change = known.between(sha256, record.file.sha256)
    if (change) found.set(record.id, change)
    else if (change === undefined) unknown.push(record)
  }
  if (!query.image || unknown.length === 0) return found
  const looked = await Promise.all(
    unknown.slice(0, comparedNow).map(async (record) => ({
      id: record.id,
      // A file that cannot be read makes no search fail.
      sketch: await sketches.of(record.file!).catch(() => null),
    })),
  )
  const others = looked.flatMap(({ id, sketch }) => (sketch ? [{ id, sketch }] : []))
  const changes = await comparer.compare(
    await sketchOf(query.image),
    others.map(({ sketch }) => sketch),
  )
  for (const [index, { id }] of others.entries()) {
    if (changes[index]) found.set(id, changes[index])
  }
  return found
}
