import { judgedImages } from '../../server/src/library/questions/judgements.ts'
import { sumOf } from '../../server/src/library/questions/sum.ts'
import type { AnswerReads } from '../../server/src/stores/image-store.ts'
import type { VectorRecord } from '../../server/src/records/record.ts'
import { estimate, type Estimate } from '../bootstrap.ts'
import { cosine } from '../retrieval.ts'

/** Results that are judged: a first page. */
const judgedFirst = 10

/** What thumbs on a first page do to the rest. */
export interface RefinedFigures {
  /** Mean average precision of what was not judged, before. */
  readonly before: Estimate
  /** What it gains, by query, when all of the first ten are judged, and when only what is right is. */
  readonly gained: Estimate
  readonly gainedByRight: Estimate
  readonly queries: number
}

/**
 * Asks about every picture, judges the first ten by their labels as somebody would who wants that class, asks again, and looks at those that
 * were not judged: whether a thumb helps is not to be measured by the pictures it was given to (the residual collection: Salton, Buckley, Improving
 * retrieval performance by relevance feedback, 1990).
 */
export async function measureRefining(
  vectors: readonly Float32Array[],
  labels: readonly string[],
): Promise<RefinedFigures> {
  const store = storeOf(vectors)
  const before: number[] = []
  const gained: number[] = []
  const gainedByRight: number[] = []
  for (const [at, vector] of vectors.entries()) {
    const ranked = rank(vectors, vector).filter((each) => each !== at)
    const judged = ranked.slice(0, judgedFirst)
    const isRight = (each: number) => labels[each] === labels[at]
    const rest = new Set(ranked.slice(judgedFirst))
    // Where nothing right is left there is nothing to gain.
    if (![...rest].some(isRight)) continue
    const base = averagePrecision(ranked.filter((each) => rest.has(each)).map(isRight))
    const refined = async (irrelevant: string[]) => {
      const relevant = judged.filter(isRight).map(String)
      const images = await judgedImages(store, { relevant, irrelevant })
      const question = images.length > 0 ? sumOf([{ vector, weight: 1 }, ...images]) : vector
      const again = rank(vectors, question).filter((each) => rest.has(each))
      return averagePrecision(again.map(isRight))
    }
    const wrong = judged.filter((each) => !isRight(each)).map(String)
    before.push(base)
    gained.push((await refined(wrong)) - base)
    gainedByRight.push((await refined([])) - base)
  }
  return {
    before: estimate(before),
    gained: estimate(gained),
    gainedByRight: estimate(gainedByRight),
    queries: before.length,
  }
}

function rank(vectors: readonly Float32Array[], question: Float32Array): number[] {
  const scores = vectors.map((vector) => cosine(question, vector))
  return scores.map((_, at) => at).sort((a, b) => scores[b]! - scores[a]! || a - b)
}

function averagePrecision(ranking: readonly boolean[]): number {
  let found = 0
  let precisions = 0
  for (const [at, isRight] of ranking.entries()) if (isRight) precisions += ++found / (at + 1)
  return precisions / found
}

/** As much of a store as judged images are read from; their ids are their places. */
function storeOf(vectors: readonly Float32Array[]): AnswerReads {
  const read = async (ids: string[]) =>
    ids.map((id) => ({ id, vector: vectors[Number(id)]! }) as VectorRecord)
  return { getWithVectors: read } as Partial<AnswerReads> as AnswerReads
}
