import type { SearchResult } from '@lookalike/sdk'
import type { Query } from '../ask/query.ts'
import type { Found } from '../ask/search/use-search.ts'

/** Of the pictures that were asked for, the one that this is most like; words where there were only these. */
export function comparedWith(
  { question, queries }: Pick<Found, 'question' | 'queries'>,
  result: (SearchResult & { part_scores?: number[] }) | undefined,
): Query | null {
  let best: { query: Query; score: number } | null = null
  for (const [at, query] of queries.entries()) {
    if (question.parts[at]?.less) continue
    // Pictures of other servers are not here to be compared with.
    const canBeSeen = query.kind === 'file' || query.kind === 'stored'
    const score = canBeSeen ? (result?.part_scores?.[at] ?? 0) : -Infinity
    if (!best || score > best.score) best = { query, score }
  }
  return best?.query ?? null
}
