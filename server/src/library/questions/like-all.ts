import { yieldToOthers } from '../../yield-to-others.ts'
import { cosine } from '../../records/vectors.ts'
import type { AnswerReads, VectorQuery } from '../../stores/image-store.ts'
import type { JudgedHit } from '../calibration/judge.ts'
import { matchOf } from '../calibration/match.ts'
import { backgroundOf, type Sample } from '../calibration/sample.ts'
import { byId, type Candidates } from './candidates.ts'

/** Judged before others have their turn: some milliseconds. */
const judgedAtOnce = 200

interface WeightedVector {
  readonly vector: Float32Array
  readonly weight: number
}

interface Merit {
  readonly hit: JudgedHit
  /** Of the part that it is least like. */
  readonly merit: number
}

/**
 * What is like every part: ranked by the part that it is least like, the conjunction of fuzzy sets (Zadeh 1965; Fagin,
 * Combining fuzzy information from multiple systems, 1996). Scores of different parts cannot be compared, those of words
 * least of all, so they are compared by how rare they are among unrelated pictures of the library; where that cannot be said,
 * by themselves. What is more like a part with a negative weight than like those is left out.
 *
 * Looks at the nearest of each part. One that is in none of these lists is no better than the worst of the last entries,
 * so what is better than that is certain (the threshold algorithm: Fagin, Lotem, Naor, Optimal aggregation
 * algorithms for middleware, 2003).
 *
 * @param depth how many of the nearest of each part are looked at
 * @param isLast whether nothing more is looked at: then what is not certain is let in
 * @param vectors where those that were read are kept, by id
 */
export async function likeAll(
  store: AnswerReads,
  parts: readonly WeightedVector[],
  { scoreThreshold = -1, ...query }: Omit<VectorQuery, 'vector' | 'limit'>,
  sample: Sample | null,
  { depth, isLast }: { depth: number; isLast: boolean },
  vectors: Map<string, Float32Array>,
): Promise<Candidates> {
  const { scale, wanted, judge } = conjunction(parts, sample)
  const lists = await Promise.all(
    wanted.map((at) => store.search({ ...query, vector: parts[at]!.vector, limit: depth })),
  )
  const ids = new Set(lists.flatMap((hits) => hits.map(({ record }) => record.id)))
  const merits: Merit[] = []
  for (const [at, record] of (await store.getWithVectors([...ids])).entries()) {
    if (at % judgedAtOnce === judgedAtOnce - 1) await yieldToOthers()
    vectors.set(record.id, record.vector)
    const judged = judge(record.vector)
    if (!judged || judged.score < scoreThreshold) continue
    const { merit, ...said } = judged
    merits.push({ hit: { record, ...said }, merit })
  }
  const isAll = lists.some((hits) => hits.length < depth)
  const bound = isAll
    ? -Infinity
    : Math.min(
        ...lists.map((hits, list) =>
          scale.merit(wanted[list]!, Math.min(...hits.map(({ score }) => score))),
        ),
      )
  merits.sort((a, b) => b.merit - a.merit || b.hit.score - a.hit.score || byId(a.hit, b.hit))
  const certain = merits.filter(({ merit }) => merit > bound)
  const kept = isLast ? merits : certain
  return { hits: kept.map(({ hit }) => hit), isAll, isCertain: kept.length === certain.length }
}

type Said = Pick<JudgedHit, 'score' | 'match' | 'surprise'>

/** How one picture does by all parts; null for one that is more like an unwanted part than like all that are wanted. */
export type ConjunctionJudge = (vector: Float32Array) => (Said & { merit: number }) | null

/** The rule of {@link likeAll} for one picture. */
export function conjunction(parts: readonly WeightedVector[], sample: Sample | null) {
  const scale = scaleOf(parts, sample)
  const wanted = [...parts.keys()].filter((at) => parts[at]!.weight > 0)
  const unwanted = [...parts.keys()].filter((at) => parts[at]!.weight < 0)
  const judge: ConjunctionJudge = (vector) => {
    const scores = parts.map((part) => cosine(part.vector, vector))
    const meritOf = (at: number) => scale.merit(at, scores[at]!)
    const merit = Math.min(...wanted.map(meritOf))
    if (unwanted.some((at) => meritOf(at) >= merit)) return null
    const score = Math.min(...wanted.map((at) => scores[at]!))
    return { score, ...scale.word(merit), merit }
  }
  return { scale, wanted, judge }
}

/** What a score with a part is worth, so that parts can be compared. */
function scaleOf(parts: readonly WeightedVector[], sample: Sample | null) {
  const backgrounds = parts.map(({ vector }) => sample && backgroundOf(sample, vector))
  const areKnown = backgrounds.every((each) => each !== null)
  const pictures = sample?.pictures ?? 0
  return {
    merit: (at: number, score: number) =>
      areKnown ? -Math.log10(backgrounds[at]!.chance(score)) : score,
    word: (merit: number): Pick<JudgedHit, 'match' | 'surprise'> =>
      areKnown
        ? { match: matchOf(10 ** -merit * pictures), surprise: Math.round(100 * merit) / 100 }
        : { match: null, surprise: null },
  }
}
