import type { SearchResponse, SearchResult } from '@lookalike/sdk'
import type { Settings } from '../ask/settings.ts'

/** A picture and its copies among the results. */
export interface Stack {
  top: SearchResult
  copies: SearchResult[]
}

/**
 * What the two sliders leave of an answer, without asking again.
 *
 * The page searches with no threshold: the best N that score at least t are exactly those of the
 * best N that score at least t, so both sliders can move freely and stay truthful. At a minimum of 0
 * nothing is cut, negative scores included, and what was found by its words never is, as in the API.
 *
 * @param results best first
 * @param hidden ids of what was deleted since
 */
export function shownResults(
  results: SearchResult[],
  { limit, minimum }: Settings,
  hidden: ReadonlySet<string> = new Set(),
) {
  const within = results.slice(0, limit).filter(({ id }) => !hidden.has(id))
  const passes = ({ score, found_by }: SearchResult) =>
    minimum === 0 || found_by === 'words' || score >= minimum
  return {
    shown: within.filter(passes),
    belowMinimum: within.filter((result) => !passes(result)),
  }
}

/**
 * The results that are alike or named so, and those that are only nearest. While the library is too small to tell the one from the
 * other, all count as alike.
 */
export function byLikeness(
  shown: readonly SearchResult[],
  { calibration }: Pick<SearchResponse, 'calibration'>,
) {
  const isAlike = ({ match, found_by }: SearchResult) =>
    !calibration.sure || found_by === 'words' || match !== 'weak'
  return { alike: shown.filter(isAlike), others: shown.filter((result) => !isAlike(result)) }
}

/** Each picture once, best first, its copies with it. */
export function stacked(results: readonly SearchResult[]): Stack[] {
  const stacks = new Map<string, Stack>()
  const known = new Set(results.map(({ id }) => id))
  for (const result of results) {
    const better = result.duplicate_of?.id
    const key = better !== undefined && known.has(better) ? better : result.id
    const stack = stacks.get(key)
    if (stack) stack.copies.push(result)
    else stacks.set(key, { top: result, copies: [] })
  }
  return [...stacks.values()]
}

/** All that is shown of an answer, in the order in which it lies on the page, the folded copies included. */
export function inOrder(
  response: SearchResponse,
  settings: Settings,
  hidden: ReadonlySet<string>,
): SearchResult[] {
  const { shown } = shownResults(response.results, settings, hidden)
  const { alike, others } = byLikeness(shown, response)
  return [alike, others].flatMap((part) =>
    stacked(part).flatMap(({ top, copies }) => [top, ...copies]),
  )
}
