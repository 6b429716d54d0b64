import { setImmediate } from 'node:timers/promises'
import type { Page, PageRequest } from '../../stores/image-store.ts'
import { bandsOf, isNear } from '../../stores/perceptual.ts'
import type { Parts } from '../parts.ts'
import { byKeeping, type Fingerprint } from './same-picture.ts'

/** Ids of records that show one picture, the one to keep first. */
export type DuplicateGroup = string[]

const pageSize = 1000
/** Pictures compared before other requests get their turn. */
const turn = 500

/**
 * Every group of duplicates in the library, largest first. A group is a picture and those near it, not
 * those near to these in turn, so that a chain of small differences does not join what looks different.
 *
 * Looks at every record once, and compares only those that share a band of their hash: the time grows
 * with the library, not with its square. Keeps about 300 bytes a record meanwhile.
 */
export async function duplicateGroups(
  parts: Parts,
  signal: AbortSignal,
): Promise<DuplicateGroup[]> {
  const pictures = await distinctPictures(parts, signal)
  const byBand = new Map<string, Picture[]>()
  for (const picture of pictures) {
    for (const band of bandsOf(picture.phash)) push(byBand, band, picture)
  }
  const grouped = new Set<Picture>()
  const groups: Fingerprint[][] = []
  for (const [at, picture] of pictures.entries()) {
    if (at % turn === 0) await breathe(signal)
    if (grouped.has(picture)) continue
    grouped.add(picture)
    const group = [...picture.records]
    for (const other of near(picture, byBand)) {
      if (grouped.has(other)) continue
      grouped.add(other)
      group.push(...other.records)
    }
    if (group.length > 1) groups.push(group)
  }
  return groups
    .map((group) => group.toSorted(byKeeping).map(({ id }) => id))
    .toSorted((a, b) => b.length - a.length || (a[0]! < b[0]! ? -1 : 1))
}

/** Records of the same bytes, or of the same perceptual hash. */
interface Picture {
  readonly phash: string
  readonly records: Fingerprint[]
}

async function distinctPictures({ store }: Parts, signal: AbortSignal): Promise<Picture[]> {
  const pictures = new Map<string, Picture>()
  let request: PageRequest | null = { limit: pageSize }
  while (request) {
    await breathe(signal)
    const page: Page = await store.list(request)
    for (const { id, indexedAt, file } of page.records) {
      if (!file) continue
      const phash = file.phash ?? ''
      const key = phash || file.sha256
      if (!pictures.has(key)) pictures.set(key, { phash, records: [] })
      pictures.get(key)!.records.push({ id, indexedAt, file })
    }
    request = page.nextCursor === null ? null : { ...request, cursor: page.nextCursor }
  }
  for (const { records } of pictures.values()) records.sort(byKeeping)
  // Better copies gather the others around them.
  return [...pictures.values()].sort((a, b) => byKeeping(a.records[0]!, b.records[0]!))
}

function* near({ phash }: Picture, byBand: Map<string, Picture[]>): Generator<Picture> {
  for (const band of bandsOf(phash)) {
    for (const other of byBand.get(band) ?? []) {
      if (isNear(phash, other.phash)) yield other
    }
  }
}

async function breathe(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await setImmediate()
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
