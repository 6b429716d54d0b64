import type { SearchResult } from '@lookalike/sdk'
import type { Settings } from '../ask/settings.ts'

/**
 * What the two sliders leave of an answer, without asking again.
 *
 * The page searches with no threshold: the best N that score at least t are exactly those of the
 * best N that score at least t, so both sliders can move freely and stay truthful. At a minimum of 0
 * nothing is cut, negative scores included, as in the API.
 *
 * @param results best first
 */
export function shownResults(results: SearchResult[], { limit, minimum }: Settings) {
  const within = results.slice(0, limit)
  const passes = ({ score }: SearchResult) => minimum === 0 || score >= minimum
  return {
    shown: within.filter(passes),
    belowMinimum: within.filter((result) => !passes(result)),
  }
}
