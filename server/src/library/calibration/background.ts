/** Scores beyond those of nine in ten unrelated pictures are rarer by a rule, not by counting. */
const tailFrom = 0.9
/**
 * How fast they become rarer, in distances of that score from the median: what the normal distribution has between
 * its 90th and its 99th percentile.
 */
const tailScale = 0.354
const rarest = 1e-12

/**
 * How pictures that are unrelated to one query score with it, judged by a sample of the library.
 *
 * A query has a background of its own, for some pictures score high with everything: this is the test normalisation of
 * speaker verification (Auckenthaler, Carey, Lloyd-Thomas, Score normalization for text-independent speaker verification
 * systems, 2000). Its location and scale are quantiles below the tail, so that the pictures of the sample that are related
 * do not count, as long as they are no more than a tenth. Beyond, the excesses are taken to be exponential: the generalised
 * Pareto distribution with shape 0, which is where excesses of light-tailed distributions tend (Pickands, Statistical
 * inference using extreme order statistics, 1975).
 */
export class Background {
  readonly #sorted: Float64Array
  /** The score that half of the unrelated pictures reach. */
  readonly floor: number
  readonly #tailStart: number
  readonly #scale: number

  /** @param scores of the query with the pictures of the sample; sorted in place */
  constructor(scores: Float64Array) {
    this.#sorted = scores.sort()
    this.floor = quantile(scores, 0.5)
    this.#tailStart = quantile(scores, tailFrom)
    // A library of copies has no spread: then nothing but a higher score is any rarer.
    this.#scale = Math.max(1e-6, tailScale * (this.#tailStart - this.floor))
  }

  /** The probability that an unrelated picture scores at least so high. */
  chance(score: number): number {
    if (score > this.#tailStart) {
      const excess = (score - this.#tailStart) / this.#scale
      return Math.max(rarest, (1 - tailFrom) * Math.exp(-excess))
    }
    const sorted = this.#sorted
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]! < score) low = middle + 1
      else high = middle
    }
    return Math.max(1 - tailFrom, (sorted.length - low) / sorted.length)
  }

  /** The score from which that many of `pictures` unrelated ones are expected; `expected` is less than a tenth of them. */
  scoreWhere(expected: number, pictures: number): number {
    return this.#tailStart + this.#scale * Math.log(((1 - tailFrom) * pictures) / expected)
  }
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const below = Math.floor(at)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!)
}
