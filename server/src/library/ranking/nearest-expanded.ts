import type { AnswerReads, Hit, VectorQuery } from '../../stores/image-store.ts'
import { itself, meanOf, type Sample } from '../calibration/sample.ts'
import { rerank, rerankedCandidates } from './rerank.ts'

/**
 * The nearest pictures in the order of {@link rerank}; scores stay those of the query.
 *
 * @param search finds candidates
 * @param sample of the library, for its mean
 */
export async function nearestExpanded(
  store: AnswerReads,
  { scoreThreshold, ...query }: VectorQuery,
  search: (query: VectorQuery) => Promise<Hit[]>,
  sample: Sample | null,
): Promise<Hit[]> {
  const limit = Math.max(query.limit, rerankedCandidates + 1)
  const found = await search({ ...query, limit })
  // The query itself is its own nearest neighbour, and would crowd out another.
  const copies = found.filter(({ score }) => score >= itself).length
  const end = copies + rerankedCandidates
  const [own, first, rest] = [found.slice(0, copies), found.slice(copies, end), found.slice(end)]
  const records = await store.getWithVectors(first.map(({ record }) => record.id))
  const vectors = new Map(records.map(({ id, vector }) => [id, vector]))
  // One may be gone since it was found.
  const candidates = first.filter(({ record }) => vectors.has(record.id))
  const order = rerank(
    query.vector,
    candidates.map(({ record }) => vectors.get(record.id)!),
    sample && meanOf(sample),
  )
  return [...own, ...order.map((at) => candidates[at]!), ...rest]
    .filter(({ score }) => scoreThreshold === undefined || score >= scoreThreshold)
    .slice(0, query.limit)
}
