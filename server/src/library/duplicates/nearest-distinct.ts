import type { AnswerReads, Hit, VectorQuery } from '../../stores/image-store.ts'
import { byKeeping, likeness } from './same-picture.ts'

/** How deep the search goes on when what it finds is all duplicates. */
const maxDepth = 1000

/** The nearest pictures, of those that are duplicates of each other only the best. */
export async function nearestDistinct(store: AnswerReads, query: VectorQuery): Promise<Hit[]> {
  const distinct: Hit[] = []
  const step = query.limit * 2
  for (let offset = 0; offset < maxDepth && distinct.length < query.limit; offset += step) {
    const hits = await store.search({ ...query, limit: step, offset })
    for (const hit of hits) add(hit, distinct)
    if (hits.length < step) break
  }
  return distinct.slice(0, query.limit)
}

function add(hit: Hit, distinct: Hit[]): void {
  const at = distinct.findIndex((other) => likeness(other.record.file, hit.record.file))
  if (at < 0) distinct.push(hit)
  // Copies of the same bytes score the same: then the better kept one stands for them.
  else if (hit.score === distinct[at]!.score && byKeeping(hit.record, distinct[at]!.record) < 0) {
    distinct[at] = hit
  }
}
