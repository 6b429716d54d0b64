import { likenessEnds } from './cut.ts'
import type { Judged, JudgedHit } from './judge.ts'
import { isAtLeast, type Match } from './match.ts'

/** Which of the hits are shown. */
export interface Choice {
  readonly minMatch?: Match | undefined
  readonly cut?: 'none' | 'auto' | undefined
}

/** What is asked only where it is needed. */
interface Questions {
  /** Pictures that were searched: those that pass the filter. */
  readonly pictures: () => Promise<number>
  /** The nearest of them, whatever its score. */
  readonly nearest: () => Promise<JudgedHit | undefined>
}

export interface Chosen {
  readonly hits: JudgedHit[]
  readonly cutScore: number | null
  readonly nearest: JudgedHit | null
  readonly note: string | null
}

const isCopy = ({ match }: JudgedHit) => match === 'same' || match === 'near-duplicate'

/** Leaves out what is not alike enough; where that is everything, names the nearest and says why. */
export async function choose(
  { hits, background, usual }: Judged,
  { minMatch, cut }: Choice,
  questions: Questions,
): Promise<Chosen> {
  const isAuto = cut === 'auto'
  if (!isAuto && minMatch === undefined) {
    return { hits, cutScore: null, nearest: null, note: null }
  }
  let kept = hits
  let cutScore: number | null = null
  let endsAtOnce = false
  if (isAuto && background && hits.length > 0) {
    // A copy of the query says nothing of how alike other pictures are.
    const first = best(hits.filter((hit) => !isCopy(hit)))
    const end = first && likenessEnds(background, first.score, await questions.pictures(), usual)
    endsAtOnce = end === null
    cutScore = end ?? null
    kept = hits.filter((hit) => isCopy(hit) || (cutScore !== null && hit.score >= cutScore))
  }
  // A hit of which nothing can be said is none that matches badly.
  if (minMatch) kept = kept.filter(({ match }) => match === null || isAtLeast(match, minMatch))
  if (kept.length > 0) return { hits: kept, cutScore, nearest: null, note: null }
  const nearest = best(hits) ?? (await questions.nearest()) ?? null
  return { hits: [], cutScore, nearest, note: reason(nearest, endsAtOnce, minMatch) }
}

function best(hits: JudgedHit[]): JudgedHit | undefined {
  // The first need not be it, for other rankings than by score.
  return hits.length > 0 ? hits.reduce((a, b) => (b.score > a.score ? b : a)) : undefined
}

function reason(nearest: JudgedHit | null, endsAtOnce: boolean, minMatch?: Match): string {
  if (!nearest)
    return 'There is no picture to compare with: the library is empty, or none passes the filter.'
  if (endsAtOnce)
    return 'Nothing here is alike: the nearest is further away than what is alike usually is.'
  if (minMatch && nearest.match)
    return `Nothing here is a ${minMatch} match: the nearest is ${nearest.match}.`
  return `Nothing here scores high enough: the nearest has ${nearest.score.toFixed(3)}.`
}
