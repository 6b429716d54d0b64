import { filterDocument, type Filter } from '../../../records/filter.ts'
import type { ImageRecord } from '../../../records/record.ts'
import { matcher } from '../../../records/matches.ts'
import type { MatchingRows } from './matching-rows.ts'

/** Rows that pass a filter are listed up to this many; of more, the records found are looked at. */
export const maxListed = 10_000

/** The records that pass the filter of one search: listed at most once, and only if that is of use. */
export class Passing {
  /** Whether listing a few of them is little work, however many there are. */
  readonly isSeekable: boolean
  readonly #matching: MatchingRows
  readonly #filter: Filter
  readonly #matches: ReturnType<typeof matcher>
  #first: number[] | undefined

  constructor(matching: MatchingRows, filter: Filter) {
    this.#matching = matching
    this.#filter = filter
    this.#matches = matcher(filter)
    this.isSeekable = matching.isSeekable(filter)
  }

  includes(record: ImageRecord): boolean {
    return this.#matches(filterDocument(record))
  }

  /** The rows, unless they are too many. */
  few(): Set<number> | undefined {
    this.#first ??= this.#matching.first(this.#filter, maxListed + 1)
    return this.#first.length <= maxListed ? new Set(this.#first) : undefined
  }

  /** However many there are. */
  all(): number[] {
    const isAll = this.#first && this.#first.length <= maxListed
    return isAll ? this.#first! : this.#matching.first(this.#filter)
  }
}
