import type { ImageRecord } from '../../records/record.ts'
import { bandsOf } from '../../records/perceptual.ts'
import type { AnswerDeps } from '../deps.ts'
import { byKeeping, standingOf } from './keeping.ts'
import { likeness, type DuplicateOf } from './same-picture.ts'

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
  const known = deps.copies.known
  const joined = new Map(
    records.flatMap(({ file }) =>
      file ? [[file.sha256, known.joined(file.sha256)] as const] : [],
    ),
  )
  const candidates = await lookAlikes(deps, records, joined)
  const found = new Map<string, DuplicateOf>()
  for (const record of records) {
    const { file } = record
    if (!file) continue
    const copies = candidates.filter(
      (each) =>
        joined.get(file.sha256)!.has(each.file?.sha256 ?? '') || likeness(known, each.file, file),
    )
    const members = new Map([record, ...copies].map((each) => [each.id, each]))
    const [best] = byKeeping(known, [...members.values()].map(standingOf))
    if (best!.id === record.id) continue
    const better = best!.file!
    const { sha256 } = better
    found.set(record.id, {
      id: best!.id,
      file: better,
      kind: sha256 === file.sha256 ? 'identical' : 'near_duplicate',
      change: known.between(sha256, file.sha256) ?? null,
    })
  }
  return found
}

async function lookAlikes(
  { store }: AnswerDeps,
  records: ImageRecord[],
  joined: Map<string, Set<string>>,
): Promise<ImageRecord[]> {
  const hashes = [...new Set([...joined.values()].flatMap((each) => [...each]))]
  if (hashes.length === 0) return []
  const any = [...new Set(records.flatMap(({ file }) => bandsOf(file?.phash ?? '')))]
  const filter = { must: [{ key: 'lookalike.phash_bands', match: { any } }] }
  const [same, similar] = await Promise.all([
    store.findByContentHash(hashes.slice(0, maxCandidates)),
    any.length > 0 ? store.list({ filter, limit: maxCandidates }) : { records: [] },
  ])
  return [...same, ...similar.records]
}
