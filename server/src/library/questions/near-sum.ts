import type { AnswerReads, Hit, VectorQuery } from '../../stores/image-store.ts'

/** The nearest of a vector in an order that is the same however many are asked for. */
export interface Nearest {
  readonly hits: Hit[]
  readonly isAll: boolean
}

/**
 * The nearest by score, those of one score by id. The last may have others of its score behind it, of which a store gives
 * any: so those of the last score are left out, unless nothing is asked any more.
 *
 * @param isLast whether nothing more is looked at
 */
export async function nearestInOrder(
  store: AnswerReads,
  query: VectorQuery,
  isLast: boolean,
): Promise<Nearest> {
  const found = await store.search(query)
  const isAll = found.length < query.limit
  const hits = found.toSorted((a, b) => b.score - a.score || (a.record.id < b.record.id ? -1 : 1))
  const last = hits.at(-1)?.score
  return { hits: isAll || isLast ? hits : hits.filter(({ score }) => score !== last), isAll }
}
