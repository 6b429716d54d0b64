import type { AnswerReads } from '../../stores/image-store.ts'
import type { JudgedHit } from '../calibration/judge.ts'
import { groupsOf, type Group } from './groups.ts'
import { byMarginalRelevance, sorted } from './order.ts'
import type { QuestionOptions } from './question.ts'
import { readVectors } from './vectors.ts'

export interface ResultPage {
  readonly hits: JudgedHit[]
  /** Null where none were asked for. */
  readonly groups: Group[] | null
  /** Where the next page begins; null at the end of the hits. */
  readonly nextOffset: number | null
  /** Whether hits that come later change nothing in it. */
  readonly isSettled: boolean
}

/** Hits, best first, in the order and the groups that were asked for, and of these a page. */
export async function pageOf(
  store: AnswerReads,
  hits: readonly JudgedHit[],
  options: QuestionOptions,
  vectors: Map<string, Float32Array>,
): Promise<ResultPage> {
  const { offset, limit, groupBy, groupSize, sort, diversity, among } = options
  let ordered = hits
  const isReordered = sort !== undefined || diversity > 0
  if (isReordered) {
    const [first, rest] = [hits.slice(0, among), hits.slice(among)]
    if (!sort) await readVectors(store, first, vectors)
    const anew = sort ? sorted(first, sort) : byMarginalRelevance(first, vectors, diversity)
    ordered = [...anew, ...rest]
  }
  const isOrderSettled = !isReordered || hits.length >= among
  const end = offset + limit
  if (groupBy === undefined) {
    return {
      hits: ordered.slice(offset, end),
      groups: null,
      nextOffset: ordered.length > end ? end : null,
      isSettled: isOrderSettled && ordered.length > end,
    }
  }
  const all = groupsOf(ordered, groupBy, groupSize)
  const groups = all.slice(offset, end)
  const areFull = groups.every(({ value, hits: in_ }) => value === null || in_.length === groupSize)
  return {
    hits: groups.flatMap((group) => group.hits),
    groups,
    nextOffset: all.length > end ? end : null,
    isSettled: isOrderSettled && all.length > end && areFull,
  }
}
