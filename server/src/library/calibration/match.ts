import type { FileFacts } from '../../records/record.ts'
import type { NameBounds } from '../../embedders/embedder.ts'
import { likeness, type Verdicts } from '../copies/same-picture.ts'

/** Worst first. */
export const matches = ['weak', 'possible', 'strong', 'near-duplicate', 'same'] as const
export type Match = (typeof matches)[number]

/** Unrelated pictures of the library that are expected to score so high, at most. */
const expectedAtMost = { strong: 0.1, possible: 3 }

/**
 * The word for a score, by the number of unrelated pictures of the library that are expected to score as high: what BLAST
 * calls the E-value (Karlin, Altschul, Methods for assessing the statistical significance of molecular sequence features,
 * 1990). It grows with the library, as chance finds do.
 */
export function matchOf(expected: number): Match {
  if (expected <= expectedAtMost.strong) return 'strong'
  return expected <= expectedAtMost.possible ? 'possible' : 'weak'
}

/** The word for two files by their bytes and hashes; `same` is never a guess. Null where these say nothing. */
export function sameMatch(
  known: Verdicts,
  query: FileFacts | null,
  found: FileFacts | null,
): Match | null {
  const kind = likeness(known, query, found)
  if (kind === 'identical') return 'same'
  return kind && 'near-duplicate'
}

export function isAtLeast(match: Match, least: Match): boolean {
  return matches.indexOf(match) >= matches.indexOf(least)
}

/** The word for a score that was judged by the library, held within the bounds of names. */
export function withinBounds(
  match: Match,
  score: number,
  { possible, strong, certain }: NameBounds,
): Match {
  if (score < possible) return 'weak'
  if (score >= certain) return 'strong'
  if (score >= strong) return match === 'weak' ? 'possible' : match
  return match === 'strong' ? 'possible' : match
}
