import { dot } from '../../vectors.ts'
import { filterDocument } from '../filter.ts'
import type { Hit, VectorQuery } from '../image-store.ts'
import { matcher } from '../matches.ts'
import type { IndexKeeper } from './index-keeper.ts'
import { byScore, scanNearest, type Neighbour } from './nearest.ts'
import type { Candidate, Truth } from './truth.ts'
import { searchEf } from './vector-index.ts'

/** Asked beyond what is wanted: a record may go between the index's answer and its confirmation. */
const spare = 10
/** How much more than expected is asked for where chance decides how many pass a filter. */
const margin = 1.5

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

  async nearest(query: VectorQuery): Promise<Hit[]> {
    const { limit, offset = 0, scoreThreshold = -Infinity } = query
    const neighbours = (await this.#fromIndex(query)) ?? (await this.#fromScan(query))
    const shown = neighbours
      .filter(({ score }) => score >= scoreThreshold)
      .slice(offset, offset + limit)
    const records = this.#truth.atRows(shown.map(({ row }) => row))
    return shown.flatMap(({ row, score }) => {
      const record = records.get(row)
      return record ? [{ record, score }] : []
    })
  }

  #fromScan(query: VectorQuery): Promise<Neighbour[]> {
    const wanted = query.limit + (query.offset ?? 0)
    return scanNearest(this.#truth.vectors, query.vector, wanted, query.filter)
  }

  /** Null when the index cannot tell, or comparing is less work. */
  async #fromIndex(query: VectorQuery): Promise<Neighbour[] | null> {
    const { filter, vector, limit, offset = 0, scoreThreshold = -Infinity } = query
    const wanted = limit + offset
    const passes = filter && matcher(filter)
    let matching: number | undefined
    let ask = this.#oversampling * wanted + spare
    if (filter) ask = Math.max(2 * ask, searchEf / 2)
    for (;;) {
      const size = this.#truth.count()
      ask = Math.min(ask, size)
      if (size === 0) return null
      const found = await this.#keeper.nearest(vector, ask)
      if (!found) return null
      const current = this.#confirm(found)
      const candidates = passes
        ? current.filter(({ record }) => passes(filterDocument(record)))
        : current
      const enough = candidates.length >= wanted || found.length >= size
      if (enough) return this.#score(vector, candidates, wanted)
      const scored = this.#score(vector, candidates, wanted)
      if ((scored.at(-1)?.score ?? Infinity) < scoreThreshold) return scored
      matching ??= filter ? this.#truth.count(filter) : size
      const expected = Math.ceil((margin * wanted * size) / Math.max(1, matching)) + spare
      ask = Math.max(4 * ask, expected)
      // Comparing a record costs about as much as finding one in the graph and looking at its metadata.
      if (ask >= matching) return null
    }
  }

  /** What the index found, in its order, as the truth has it: those gone or changed are left out. */
  #confirm(found: { id: string; version: number }[]): Candidate[] {
    const candidates = new Map(
      this.#truth.candidates(found.map(({ id }) => id)).map((each) => [each.id, each]),
    )
    return found.flatMap(({ id, version }) => {
      const candidate = candidates.get(id)
      return candidate && candidate.version === version ? [candidate] : []
    })
  }

  #score(vector: Float32Array, candidates: Candidate[], wanted: number): Neighbour[] {
    const best = candidates.slice(0, this.#oversampling * wanted + spare)
    return this.#truth.vectors
      .ofRows(best.map(({ row }) => row))
      .map((stored) => ({ row: stored.row, score: dot(vector, stored.vector) }))
      .sort(byScore)
      .slice(0, wanted)
  }
}
