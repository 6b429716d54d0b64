import type { ImageRecord } from '../../records/record.ts'
import { bandsOf } from '../../records/perceptual.ts'
import type { AnswerDeps } from '../deps.ts'
import { byKeeping, likeness, type DuplicateOf } from './same-picture.ts'

/** More look-alikes than this are not weighed against each other for one answer. */
const maxCandidates = 1000

/**
 * For those of the records that the library has a better copy of, which one that is. Two questions to
 * the store, whatever the size of the library.
 */
export async function findDuplicates(
  deps: AnswerDeps,
  records: ImageRecord[],
): Promise<Map<string, DuplicateOf>> {
  const candidates = (await lookAlikes(deps, records)).toSorted(byKeeping)
  const found = new Map<string, DuplicateOf>()
  for (const record of records) {
    const best = candidates.find((each) => likeness(each.file, record.file))
    if (!best || byKeeping(best, record) >= 0) continue
    found.set(record.id, { id: best.id, kind: likeness(best.file, record.file)! })
  }
  return found
}

async function lookAlikes({ store }: AnswerDeps, records: ImageRecord[]): Promise<ImageRecord[]> {
  const hashes = records.flatMap(({ file }) => file?.sha256 ?? [])
  if (hashes.length === 0) return []
  const any = [...new Set(records.flatMap(({ file }) => bandsOf(file?.phash ?? '')))]
  const filter = { must: [{ key: 'lookalike.phash_bands', match: { any } }] }
  const [identical, similar] = await Promise.all([
    store.findByContentHash(hashes),
    any.length > 0 ? store.list({ filter, limit: maxCandidates }) : { records: [] },
  ])
  return [...identical, ...similar.records]
}
