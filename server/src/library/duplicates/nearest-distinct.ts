import type { AnswerReads, Hit, VectorQuery } from '../../stores/image-store.ts'
import { byFile, standingOf } from '../copies/keeping.ts'
import { likeness, type Verdicts } from '../copies/same-picture.ts'

/** How deep the search goes on when what it finds is all duplicates. */
const maxDepth = 1000

/** A hit that stands for its copies. */
interface Distinct {
  hit: Hit
  /** Content hashes of what is known to be the same picture. */
  readonly joined: ReadonlySet<string>
}

/** The nearest pictures, of those that are duplicates of each other only the best. */
export async function nearestDistinct(
  store: AnswerReads,
  known: Verdicts,
  query: VectorQuery,
): Promise<Hit[]> {
  const distinct: Distinct[] = []
  const step = query.limit * 2
  for (let offset = 0; offset < maxDepth && distinct.length < query.limit; offset += step) {
    const hits = await store.search({ ...query, limit: step, offset })
    for (const hit of hits) add(known, hit, distinct)
    if (hits.length < step) break
  }
  return distinct.slice(0, query.limit).map(({ hit }) => hit)
}

/** Of hits that are duplicates of each other only the best, best first. */
export function distinctHits(known: Verdicts, hits: readonly Hit[]): Hit[] {
  const distinct: Distinct[] = []
  for (const hit of hits) add(known, hit, distinct)
  return distinct.map(({ hit }) => hit)
}

function add(known: Verdicts, hit: Hit, distinct: Distinct[]): void {
  const { file } = hit.record
  const other = distinct.find(
    (each) => (file && each.joined.has(file.sha256)) || likeness(known, each.hit.record.file, file),
  )
  if (!other) distinct.push({ hit, joined: file ? known.joined(file.sha256) : new Set() })
  // Copies of the same bytes score the same: then the better kept one stands for them.
  else if (hit.score === other.hit.score && isBetter(hit, other.hit)) other.hit = hit
}

function isBetter(one: Hit, other: Hit): boolean {
  return byFile(standingOf(one.record), standingOf(other.record)) < 0
}
