import { dot, unitVector } from '../../records/vectors.ts'

/** Candidates that are ranked anew. */
export const rerankedCandidates = 100
/** Neighbours that the query is expanded by, and the power of their score that is their weight. */
const expandedBy = 5
const weightPower = 3
/** How many neighbours are looked at for being mutual, and how many a neighbourhood is averaged over. */
const mutual = 5
const averaged = 2
/** How much the score counts beside shared neighbours. */
const scoreShare = 0.75

/**
 * Ranks the nearest pictures of a query anew by how they lie to each other: for a picture that looks for pictures, never
 * for words, whose vectors lie elsewhere than those of pictures.
 *
 * 1. All vectors are taken from the mean of the library, which removes hubs: pictures that are near to everything
 *    (Suzuki, Hara, Shimbo, Saerens, Fukumizu, Centering similarity measures to reduce hubs, EMNLP 2013).
 * 2. The query is expanded by its first neighbours, weighted by a power of their scores (Radenovic, Tolias, Chum, Fine-tuning
 *    CNN image retrieval with no human annotation, TPAMI 2019, after Chum et al., Total recall, ICCV 2007).
 * 3. Its score counts together with the overlap of neighbourhoods of which each is the other's (Zhong, Zheng, Cao, Li,
 *    Re-ranking person re-identification with k-reciprocal encoding, CVPR 2017).
 *
 * @param candidates unit vectors, nearest first
 * @param mean of the library; null where it is not known
 * @returns indices of the candidates, best first
 */
export function rerank(
  query: Float32Array,
  candidates: readonly Float32Array[],
  mean: Float32Array | null,
): number[] {
  const centred = (vector: Float32Array) =>
    mean ? unitVector(vector.map((value, at) => value - mean[at]!)) : vector
  const vectors = candidates.map(centred)
  const expanded = expand(centred(query), vectors)
  const all = [expanded, ...vectors]
  const scores = all.map((one, at) =>
    Float64Array.from(all, (other, to) => (to < at ? 0 : dot(one, other))),
  )
  for (let at = 0; at < all.length; at++) {
    for (let to = 0; to < at; to++) scores[at]![to] = scores[to]![at]!
  }
  const shared = overlaps(scores)
  const merits = vectors.map(
    (_, at) => scoreShare * scores[0]![at + 1]! + (1 - scoreShare) * shared[at + 1]!,
  )
  return merits.map((_, at) => at).sort((a, b) => merits[b]! - merits[a]! || a - b)
}

function expand(query: Float32Array, vectors: readonly Float32Array[]): Float32Array {
  const scored = vectors.map((vector) => ({ vector, score: dot(query, vector) }))
  const sum = query.slice()
  for (const { vector, score } of scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, expandedBy)) {
    const weight = Math.max(0, score) ** weightPower
    for (let at = 0; at < sum.length; at++) sum[at]! += weight * vector[at]!
  }
  return unitVector(sum)
}

/** How much the neighbourhood of each overlaps that of the first: the Jaccard index of their weights. */
function overlaps(scores: readonly Float64Array[]): number[] {
  const nearest = scores.map((row) =>
    Array.from(row, (_, at) => at).sort((a, b) => row[b]! - row[a]! || a - b),
  )
  const near = nearest.map((order) => new Set(order.slice(0, mutual + 1)))
  const nearer = nearest.map((order) => new Set(order.slice(0, Math.round(mutual / 2) + 1)))
  const reciprocal = (of: Set<number>[], at: number) => [...of[at]!].filter((to) => of[to]!.has(at))
  const weights = scores.map((row, at) => {
    const first = reciprocal(near, at)
    const members = new Set(first)
    for (const member of first) {
      const theirs = reciprocal(nearer, member)
      const common = theirs.filter((to) => members.has(to)).length
      // A neighbour's own neighbours belong as well, where most of them do already.
      if (common >= (2 / 3) * theirs.length) for (const to of theirs) members.add(to)
    }
    const weight = new Float64Array(scores.length)
    for (const to of members) weight[to] = Math.exp(row[to]! - 1)
    const total = weight.reduce((sum, value) => sum + value, 0)
    return weight.map((value) => value / total)
  })
  const smooth = nearest.map((order) => {
    const mean = new Float64Array(scores.length)
    for (const to of order.slice(0, averaged)) {
      for (let at = 0; at < mean.length; at++) mean[at]! += weights[to]![at]! / averaged
    }
    return mean
  })
  return smooth.map((weight) => {
    let both = 0
    let either = 0
    for (let at = 0; at < weight.length; at++) {
      both += Math.min(weight[at]!, smooth[0]![at]!)
      either += Math.max(weight[at]!, smooth[0]![at]!)
    }
    return either > 0 ? both / either : 0
  })
}
