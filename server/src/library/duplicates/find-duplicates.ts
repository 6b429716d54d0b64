import type { ImageRecord } from '../../records/record.ts'
import { bandsOf } from '../../records/perceptual.ts'
import type { Outline } from '../../stores/image-store.ts'
import type { AnswerDeps } from '../deps.ts'
import { byKeeping, standingOf } from '../copies/keeping.ts'
import { likeness, type DuplicateOf, type Verdicts } from '../copies/same-picture.ts'

/** More look-alikes than this are not weighed against each other for one answer. */
const maxCandidates = 1000

/**
 * For those of the records that the library has a better copy of, which one that is. Two questions to
 * the store, whatever the size of the library, and one more where there are copies.
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
  const copies = new Map<ImageRecord, string[]>()
  for (const record of records) {
    const { file } = record
    if (!file) continue
    const its = candidates.filter(
      (each) =>
        each.id !== record.id &&
        (joined.get(file.sha256)!.has(each.file?.sha256 ?? '') || likeness(known, each.file, file)),
    )
    if (its.length > 0) copies.set(record, [...new Set(its.map(({ id }) => id))])
  }
  return betterOf(known, copies, await membersOf(deps, copies))
}

function betterOf(
  known: Verdicts,
  copies: Map<ImageRecord, string[]>,
  members: Map<string, ImageRecord>,
): Map<string, DuplicateOf> {
  const found = new Map<string, DuplicateOf>()
  for (const [record, ids] of copies) {
    const all = [record, ...ids.flatMap((id) => members.get(id) ?? [])]
    const [best] = byKeeping(known, all.map(standingOf))
    if (best!.id === record.id) continue
    const better = best!.file!
    const { sha256 } = record.file!
    found.set(record.id, {
      id: best!.id,
      file: better,
      kind: better.sha256 === sha256 ? 'identical' : 'near_duplicate',
      change: known.between(better.sha256, sha256) ?? null,
    })
  }
  return found
}

async function membersOf(
  { store }: AnswerDeps,
  copies: Map<ImageRecord, string[]>,
): Promise<Map<string, ImageRecord>> {
  const ids = [...new Set([...copies.values()].flat())]
  const records = ids.length > 0 ? await store.get(ids) : []
  return new Map(records.map((record) => [record.id, record]))
}

/** Of other pictures that may be the same their outlines: of hundreds that share a part of a hash, few are. */
async function lookAlikes(
  { store }: AnswerDeps,
  records: ImageRecord[],
  joined: Map<string, Set<string>>,
): Promise<Outline[]> {
  const hashes = [...new Set([...joined.values()].flatMap((each) => [...each]))]
  if (hashes.length === 0) return []
  const any = [...new Set(records.flatMap(({ file }) => bandsOf(file?.phash ?? '')))]
  const filter = { must: [{ key: 'lookalike.phash_bands', match: { any } }] }
  const [same, similar] = await Promise.all([
    store.findByContentHash(hashes.slice(0, maxCandidates)),
    any.length > 0 ? store.outline({ filter, limit: maxCandidates }) : { outlines: [] },
  ])
  return [...same, ...similar.outlines]
}
