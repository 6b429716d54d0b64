import { cosine } from '../../records/vectors.ts'
import type { AnswerNotes, Hit, VectorQuery } from '../image-store.ts'
import { Passing } from './filter/passing.ts'
import { RowSet } from './filter/row-set.ts'
import { nearestByCodes } from './nearest-by-codes.ts'
import { byScore, scanNearest, type Neighbour } from './nearest.ts'
import type { Truth } from './truth/truth.ts'
import { narrowest } from './vector-index/breadth.ts'
import type { IndexKeeper } from './vector-index/index-keeper.ts'
import type { Candidate } from './vector-index/vector-index.ts'

/** How much more than expected is asked for where chance decides how many pass a filter. */
const margin = 1.75
const spare = 10
/**
 * A candidate is passed over when so many deviations are between what the index says of it and of the last that
 * is wanted: of a million that belong among those, one is.
 */
const deviations = 5

/**
 * What ways to answer cost, in whole vectors that could be read and compared meanwhile, some 6 us: measured at a
 * million of 1,536 numbers.
 */
const costs = {
  /** Of asking the index, and of each candidate that it keeps. */
  index: 20,
  candidate: 0.8,
  /** Of asking the codes, whole vectors that confirm them included, and of each code. */
  codes: 100,
  code: 0.01,
}

type Way = 'index' | 'codes' | 'scan'
type Ranked = Neighbour & Hit

interface Question {
  readonly vector: Float32Array
  readonly needed: number
  readonly scoreThreshold: number
  readonly passing: Passing | undefined
}

/**
 * Nearest neighbours, by whichever way is least work: the graph, codes of those that pass the filter, or a
 * comparison with each of them. What is found is confirmed, and scored, by the truth.
 */
export class Search {
  readonly #truth: Truth
  readonly #keeper: IndexKeeper
  /** Candidates scored per wanted result; more than 1 where the index ranks by rounded vectors. */
  readonly #oversampling: number

  constructor(truth: Truth, keeper: IndexKeeper, oversampling: number) {
    this.#truth = truth
    this.#keeper = keeper
    this.#oversampling = oversampling
  }

  async nearest(query: VectorQuery, notes: AnswerNotes = {}): Promise<Hit[]> {
    const { vector, filter, limit, offset = 0, scoreThreshold = -Infinity } = query
    const passing = filter && (await Passing.of(filter, this.#truth.passing))
    const question = { vector, needed: limit + offset, scoreThreshold, passing }
    const { ranked, isExact } = await this.#ranked(question)
    this.#keeper.answered()
    if (!isExact) notes.engine = 'approximate'
    else notes.engine ??= 'exact'
    return ranked
      .filter(({ score }) => score >= scoreThreshold)
      .slice(offset, offset + limit)
      .map(({ record, score }) => ({ record, score }))
  }

  async #ranked(question: Question): Promise<{ ranked: Ranked[]; isExact: boolean }> {
    const isExact = !this.#keeper.hasGraph && this.#oversampling === 1
    for (let asked = this.#firstAsked(question); ;) {
      asked = Math.min(asked, this.#truth.count())
      const way = this.#cheapest(question, asked)
      if (way !== 'index') return this.#compared(question, way)
      const { lastVersion } = this.#truth
      const found = await this.#keeper.nearest(question.vector, asked)
      if (!found) return this.#compared(question, this.#comparing(question))
      const ranked = this.#rank(this.#unchanged(found, lastVersion), question)
      const isEnough =
        ranked.length >= question.needed ||
        (ranked.at(-1)?.score ?? Infinity) < question.scoreThreshold
      if (isEnough) return { ranked, isExact }
      // It finds no more, or was asked for all, and there may be more.
      if (found.length < asked || asked >= this.#truth.count())
        return this.#compared(question, this.#comparing(question))
      asked = 4 * found.length
    }
  }

  /** So many that enough of them probably pass. */
  #firstAsked({ needed, passing }: Question): number {
    if (!passing) return this.#oversampling * needed
    const share = Math.max(1, passing.rows.size) / Math.max(1, this.#truth.count())
    return Math.ceil((margin * needed) / share) + spare
  }

  #cheapest(question: Question, asked: number): Way {
    const candidates = this.#keeper.hasGraph ? Math.max(narrowest, asked) : asked
    const byIndex = costs.index + costs.candidate * candidates
    const comparing = this.#comparing(question)
    return byIndex < this.#comparingCost(question, comparing) ? 'index' : comparing
  }

  #comparing(question: Question): Exclude<Way, 'index'> {
    const isCheaper = this.#comparingCost(question, 'codes') < this.#comparingCost(question, 'scan')
    return this.#keeper.codes && isCheaper ? 'codes' : 'scan'
  }

  #comparingCost({ passing, needed }: Question, way: Way): number {
    const compared = passing?.rows.size ?? this.#truth.count()
    return way === 'scan' ? compared : costs.codes + 2 * needed + costs.code * compared
  }

  async #compared(question: Question, way: Way): Promise<{ ranked: Ranked[]; isExact: boolean }> {
    const { vector, needed, passing, scoreThreshold } = question
    const codes = way === 'codes' && this.#keeper.codes
    const neighbours = codes
      ? await nearestByCodes(
          this.#truth.vectors,
          codes,
          { vector, count: needed, scoreThreshold },
          passing?.rows ?? RowSet.through(this.#truth.vectors.lastRow()),
        )
      : await scanNearest(this.#truth.vectors, vector, needed, passing && [...passing.rows])
    const ranked = this.#shown(neighbours, passing)
    return { ranked, isExact: !codes }
  }

  /** Those that are still what the index found them by. */
  #unchanged(found: Candidate[], since: number): Candidate[] {
    if (this.#truth.lastVersion === since) return found
    const changed = new Set(this.#truth.vectors.rowsSince(since))
    return found.filter(({ row }) => !changed.has(row))
  }

  /** The best of the candidates, which come best first, by their vectors in the truth: those gone are left out. */
  #rank(found: Candidate[], { vector, needed, passing }: Question): Ranked[] {
    const candidates = passing ? found.filter(({ row }) => passing.rows.has(row)) : found
    const neighbours: Neighbour[] = []
    for (let at = 0; at < candidates.length && neighbours.length < needed;) {
      const end = at === 0 ? this.#mayBeAmong(candidates, needed) : at + needed
      const rows = candidates.slice(at, end).map(({ row }) => row)
      for (const { row, vector: stored } of this.#truth.vectors.ofRows(rows)) {
        neighbours.push({ row, score: cosine(vector, stored) })
      }
      at = end
    }
    neighbours.sort(byScore)
    const ranked: Ranked[] = []
    for (let at = 0; at < neighbours.length && ranked.length < needed; at += needed) {
      ranked.push(...this.#shown(neighbours.slice(at, at + needed), passing))
    }
    return ranked.slice(0, needed)
  }

  /** How many of the candidates may be among the `needed` nearest. */
  #mayBeAmong(candidates: Candidate[], needed: number): number {
    const last = candidates[needed - 1]
    if (!last) return candidates.length
    const least = last.score - deviations * Math.SQRT2 * this.#keeper.deviation
    let count = Math.min(candidates.length, this.#oversampling * needed)
    while (count > needed && candidates[count - 1]!.score < least) count--
    return count
  }

  /** With their records, as those are now: others had their turn since the filter was asked. */
  #shown(neighbours: Neighbour[], passing: Passing | undefined): Ranked[] {
    const records = this.#truth.records.atRows(neighbours.map(({ row }) => row))
    return neighbours.flatMap((neighbour) => {
      const record = records.get(neighbour.row)
      return record && (passing?.includes(record) ?? true) ? [{ ...neighbour, record }] : []
    })
  }
}
