import { cosine } from '../../records/vectors.ts'
import type { AnswerNotes, Hit, VectorQuery } from '../image-store.ts'
import type { IndexKeeper } from './vector-index/index-keeper.ts'
import { byScore, scanNearest, type Neighbour } from './nearest.ts'
import { maxListed, Passing } from './filter/passing.ts'
import type { Versioned } from './truth/stored-vectors.ts'
import type { Truth } from './truth/truth.ts'
import { searchEf } from './vector-index/vector-index.ts'

/** How much more than expected is asked for where chance decides how many pass a filter. */
const margin = 1.5
const spare = 10
/** What asking the index costs beyond what it finds, in vectors that could be compared meanwhile. */
const queryCost = 80

type Ranked = Neighbour & Hit

/**
 * Nearest neighbours, by the index where that is less work than comparing every record that passes
 * the filter. What the index finds is confirmed, and scored, by the truth.
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
    const { filter, limit, offset = 0, scoreThreshold = -Infinity } = query
    const passing = filter && new Passing(this.#truth.matching, filter)
    const fromIndex = await this.#fromIndex(query, passing)
    if (fromIndex && (this.#keeper.hasGraph || this.#oversampling > 1)) notes.engine = 'approximate'
    else notes.engine ??= 'exact'
    const ranked = fromIndex ?? (await this.#fromScan(query, passing))
    return ranked
      .filter(({ score }) => score >= scoreThreshold)
      .slice(offset, offset + limit)
      .map(({ record, score }) => ({ record, score }))
  }

  async #fromScan(query: VectorQuery, passing: Passing | undefined): Promise<Ranked[]> {
    const needed = query.limit + (query.offset ?? 0)
    const rows = passing?.all()
    const neighbours = await scanNearest(this.#truth.vectors, query.vector, needed, rows)
    const records = this.#truth.records.atRows(neighbours.map(({ row }) => row))
    return neighbours.flatMap((neighbour) => {
      const record = records.get(neighbour.row)
      // Looked at once more: others had their turn since the filter was asked.
      return record && (passing?.includes(record) ?? true) ? [{ ...neighbour, record }] : []
    })
  }

  /** Null when the index cannot tell, or comparing is less work. */
  async #fromIndex(
    { vector, limit, offset = 0, scoreThreshold = -Infinity }: VectorQuery,
    passing: Passing | undefined,
  ): Promise<Ranked[] | null> {
    const needed = limit + offset
    let candidateCount = this.#oversampling * needed
    let listed = passing?.isSeekable ? passing.few() : undefined
    if (listed) candidateCount = this.#expect(needed, listed)
    else if (passing) candidateCount = Math.max(2 * (candidateCount + spare), searchEf / 2)
    for (;;) {
      const size = this.#truth.count()
      candidateCount = Math.min(candidateCount, size)
      const compared = listed?.size ?? (passing ? Math.min(size, maxListed) : size)
      if (candidateCount + queryCost > compared) return null
      const found = await this.#keeper.nearest(vector, candidateCount)
      if (!found) return null
      const candidates = listed ? found.filter(({ row }) => listed!.has(row)) : found
      const best = this.#rank(candidates, vector, needed, passing)
      if (best.length >= needed) return best
      if ((best.at(-1)?.score ?? Infinity) < scoreThreshold) return best
      if (found.length < candidateCount) return null // it finds no more, and there may be more
      if (!listed) {
        listed = passing?.few()
        if (listed) candidateCount = this.#expect(needed, listed)
      }
      candidateCount = Math.max(4 * found.length, candidateCount)
    }
  }

  /** How many must be asked for, so that enough of them are probably listed. */
  #expect(needed: number, listed: Set<number>): number {
    const share = Math.max(1, listed.size) / this.#truth.count()
    return Math.ceil((margin * this.#oversampling * needed) / share) + spare
  }

  /**
   * The best of what the index found, best candidates first, as the truth has it now: those gone or
   * changed are left out.
   */
  #rank(
    candidates: Versioned[],
    vector: Float32Array,
    needed: number,
    passing: Passing | undefined,
  ): Ranked[] {
    const scored = this.#oversampling * needed
    const ranked: Ranked[] = []
    for (let at = 0; at < candidates.length && ranked.length < scored; at += scored) {
      const some = new Map(
        candidates.slice(at, at + scored).map(({ row, version }) => [row, version]),
      )
      for (const { row, version, vector: stored, record } of this.#truth.records.entries([
        ...some.keys(),
      ])) {
        if (version !== some.get(row) || passing?.includes(record) === false) continue
        ranked.push({ row, record, score: cosine(vector, stored) })
      }
    }
    return ranked.sort(byScore).slice(0, needed)
  }
}
