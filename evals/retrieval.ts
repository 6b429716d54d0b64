export interface Query {
  /** Index of the picture that was asked about. */
  readonly index: number
  readonly label: string
  /** Share of its nearest 1 and 10 neighbours that are of its class. */
  readonly p1: number
  readonly p10: number
  /** Average precision over the whole ranking. */
  readonly ap: number
  /** Indices of its nearest neighbours, best first, and their cosine similarity. */
  readonly nearest: readonly { readonly index: number; readonly score: number }[]
}

const shown = 10

/** Cosine similarity of unit vectors. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}

/**
 * Leave-one-out retrieval: every picture in turn is the query, all others are ranked by cosine
 * similarity, and those with the query's label count as relevant.
 *
 * Average precision is the mean, over the relevant pictures, of the precision at each one's rank
 * (Manning, Raghavan, Schütze, Introduction to Information Retrieval, 2008, section 8.4).
 */
export function retrieve(vectors: readonly Float32Array[], labels: readonly string[]): Query[] {
  return vectors.map((_, index) => judge(index, rank(index, vectors), labels))
}

/** All other vectors, nearest first; ties in their given order. */
function rank(query: number, vectors: readonly Float32Array[]) {
  return vectors
    .map((vector, index) => ({ index, score: cosine(vectors[query]!, vector) }))
    .filter(({ index }) => index !== query)
    .sort((one, other) => other.score - one.score || one.index - other.index)
}

function judge(index: number, ranking: ReturnType<typeof rank>, labels: readonly string[]): Query {
  const label = labels[index]!
  let found = 0
  let precisions = 0
  ranking.forEach((hit, position) => {
    if (labels[hit.index] !== label) return
    found++
    precisions += found / (position + 1)
  })
  const matching = (count: number) =>
    ranking.slice(0, count).filter((hit) => labels[hit.index] === label).length / count
  return {
    index,
    label,
    p1: matching(1),
    p10: matching(10),
    ap: found > 0 ? precisions / found : 0,
    nearest: ranking.slice(0, shown),
  }
}

/** Scores of all pairs of different pictures: the median, and the 5 % that score highest. */
export function pairScores(vectors: readonly Float32Array[]): { median: number; p95: number } {
  const scores = new Float64Array((vectors.length * (vectors.length - 1)) / 2)
  let at = 0
  for (let one = 0; one < vectors.length; one++) {
    for (let other = one + 1; other < vectors.length; other++) {
      scores[at++] = cosine(vectors[one]!, vectors[other]!)
    }
  }
  scores.sort()
  const quantile = (share: number) => scores[Math.floor(share * (scores.length - 1))] ?? 0
  return { median: quantile(0.5), p95: quantile(0.95) }
}
