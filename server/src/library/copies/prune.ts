import type { ImageStore } from '../../stores/image-store.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import type { KnownCopies } from './known-copies.ts'

const pageSize = 500

/**
 * The pictures that something is known of and that no record has any more, some at a time. Deleting a picture forgets
 * it; what was deleted before that was so, or while it was compared, is found here.
 */
export async function* strayCopies(
  known: KnownCopies,
  store: Pick<ImageStore, 'findByContentHash'>,
): AsyncGenerator<string[]> {
  for (let after = ''; ;) {
    await yieldToOthers()
    const hashes = known.hashesAfter(after, pageSize)
    if (hashes.length === 0) return
    const records = await store.findByContentHash(hashes)
    const used = new Set(records.map(({ file }) => file?.sha256))
    const stray = hashes.filter((each) => !used.has(each))
    if (stray.length > 0) yield stray
    after = hashes.at(-1)!
  }
}
