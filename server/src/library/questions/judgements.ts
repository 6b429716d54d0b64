import type { AnswerReads } from '../../stores/image-store.ts'

/** Images of the library, by id, that somebody found right or wrong for a question. */
export interface Judgements {
  readonly relevant: readonly string[]
  readonly irrelevant: readonly string[]
}

/** Rocchio's beta and gamma, with alpha = 1: the usual values of the source below. */
const weights = { relevant: 0.75, irrelevant: 0.15 }

/** An image that counts in a sum. */
export interface WeightedImage {
  readonly id: string
  readonly vector: Float32Array
  readonly weight: number
}

/**
 * What judged images add to a question q0 of length 1: q = unit(alpha q0 + beta mean(relevant) - gamma mean(irrelevant)), which is
 * relevance feedback by Rocchio (1971) with alpha, beta, gamma = 1, 0.75, 0.15 (Manning, Raghavan, Schütze,
 * Introduction to information retrieval, 2008, section 9.1.1). Images that are gone count for nothing.
 */
export async function judgedImages(
  store: AnswerReads,
  judgements: Judgements | undefined,
): Promise<WeightedImage[]> {
  if (!judgements) return []
  const all: WeightedImage[] = []
  for (const kind of ['relevant', 'irrelevant'] as const) {
    const found = await store.getWithVectors([...new Set(judgements[kind])])
    const weight = ((kind === 'relevant' ? 1 : -1) * weights[kind]) / found.length
    all.push(...found.map(({ id, vector }) => ({ id, vector, weight })))
  }
  return all
}
