import { meanOf } from '../../server/src/library/calibration/sample.ts'
import { rerank, rerankedCandidates } from '../../server/src/library/ranking/rerank.ts'
import { unitVector } from '../../server/src/records/vectors.ts'
import { estimate, type Estimate } from '../bootstrap.ts'
import { cosine } from '../retrieval.ts'
import type { Found, JudgedLibrary } from './library.ts'

export interface RankingFigures {
  /** Mean average precision by cosine. */
  readonly plain: Estimate
  /** What it gains, by query, when the first hundred are ranked by cosine from the library's mean. */
  readonly centred: Estimate
  /** The same by `ranking=expanded`. */
  readonly expanded: Estimate
}

export function measureRankings({ pictures, sample, rankings }: JudgedLibrary): RankingFigures {
  const mean = meanOf(sample)!
  const centre = (vector: Float32Array) => unitVector(vector.map((value, at) => value - mean[at]!))
  const plain: number[] = []
  const centred: number[] = []
  const expanded: number[] = []
  rankings.forEach((ranking, at) => {
    const query = pictures[at]!.vector
    const first = ranking.slice(0, rerankedCandidates)
    const rest = ranking.slice(rerankedCandidates)
    const vectors = first.map(({ index }) => pictures[index]!.vector)
    const scores = vectors.map((vector) => cosine(centre(query), centre(vector)))
    const byCentred = first.map((_, place) => place).sort((a, b) => scores[b]! - scores[a]!)
    const reordered = (order: number[]) => [...order.map((place) => first[place]!), ...rest]
    const base = averagePrecision(ranking)
    plain.push(base)
    centred.push(averagePrecision(reordered(byCentred)) - base)
    expanded.push(averagePrecision(reordered(rerank(query, vectors, mean))) - base)
  })
  return { plain: estimate(plain), centred: estimate(centred), expanded: estimate(expanded) }
}

function averagePrecision(ranking: readonly Found[]): number {
  let found = 0
  let precisions = 0
  ranking.forEach(({ isRight }, at) => {
    if (isRight) precisions += ++found / (at + 1)
  })
  return found > 0 ? precisions / found : 0
}
