import type { QuestionResponse, SearchResponse, SearchResult } from '@lookalike/sdk'
import type { Answer } from '../ask/search/ask.ts'
import type { Settings } from '../ask/narrowing/settings.ts'

/** A picture and its copies among the results. */
export interface Stack {
  top: SearchResult
  copies: SearchResult[]
}

/** Results that stand together. */
export interface Section {
  /** What they have in common, as JSON; null: nothing. Undefined where no groups were asked for. */
  value: string | null | undefined
  stacks: Stack[]
}

/** What the two sliders leave of an answer, and how it lies on the page. */
export interface Arrangement {
  /** Alike, or named so. */
  alike: Section[]
  /** Only the nearest. While the library is too small to tell them from those that are alike, all count as alike. */
  others: Section[]
  /** How many pictures there are of each kind. */
  counts: { alike: number; others: number }
  /** What the minimum leaves out. */
  belowMinimum: SearchResult[]
}

/**
 * What the two sliders leave of an answer, without asking again.
 *
 * The page searches with no threshold: the best N that score at least t are exactly those of the
 * best N that score at least t, so both sliders can move freely and stay truthful. At a minimum of 0
 * nothing is cut, negative scores included, and what was found by its words never is, as in the API.
 *
 * @param hidden ids of what was deleted since
 */
export function arranged(
  { response, groups }: Pick<Answer, 'response' | 'groups'>,
  { limit, minimum }: Settings,
  hidden: ReadonlySet<string> = new Set(),
): Arrangement {
  const lists = groups
    ? inGroups(groups.slice(0, limit), response.results)
    : [{ value: undefined, results: response.results.slice(0, limit) }]
  const within = lists.flatMap(({ results }) => results).filter(({ id }) => !hidden.has(id))
  const passes = ({ score, found_by }: SearchResult) =>
    minimum === 0 || found_by === 'words' || score >= minimum
  const isAlike = ({ match, found_by }: SearchResult) =>
    !response.calibration.sure || found_by === 'words' || match !== 'weak'
  const shown = new Set(within.filter(passes))
  const counts = { alike: 0, others: 0 }
  const sections = { alike: [] as Section[], others: [] as Section[] }
  for (const { value, results } of lists) {
    const left = results.filter((result) => shown.has(result))
    const alike = left.filter(isAlike)
    counts.alike += alike.length
    counts.others += left.length - alike.length
    // A group stays together: it is where the best of it belongs.
    const kinds = groups
      ? [{ kind: alike.length > 0 ? ('alike' as const) : ('others' as const), some: left }]
      : [
          { kind: 'alike' as const, some: alike },
          { kind: 'others' as const, some: left.filter((result) => !isAlike(result)) },
        ]
    for (const { kind, some } of kinds) {
      if (some.length > 0) sections[kind].push({ value, stacks: stacked(some) })
    }
  }
  return {
    ...sections,
    counts,
    belowMinimum: within.filter((result) => !shown.has(result)),
  }
}

/** All that is shown, in the order in which it lies on the page, the folded copies included. */
export function inOrder({ alike, others }: Pick<Arrangement, 'alike' | 'others'>): SearchResult[] {
  return [...alike, ...others].flatMap(({ stacks }) =>
    stacks.flatMap(({ top, copies }) => [top, ...copies]),
  )
}

/** Each group's results; of pictures that have no value each is a group by itself, and they are shown as one, at the end. */
function inGroups(groups: NonNullable<QuestionResponse['groups']>, results: SearchResult[]) {
  const known = new Map(results.map((result) => [result.id, result]))
  const lists = groups.map(({ value, ids }) => ({
    value,
    results: ids.flatMap((id) => known.get(id) ?? []),
  }))
  const without = lists.filter(({ value }) => value === null).flatMap((list) => list.results)
  return [
    ...lists.filter(({ value }) => value !== null),
    ...(without.length > 0 ? [{ value: null, results: without }] : []),
  ]
}

/** Each picture once, in their order, its copies with it. */
function stacked(results: readonly SearchResult[]): Stack[] {
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

/** Of all that was found, for the minimum to be chosen by. */
export function scoresOf({ results }: Pick<SearchResponse, 'results'>): number[] {
  return results.map(({ score }) => score)
}
