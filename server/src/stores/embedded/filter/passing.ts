import { filterDocument, type Filter } from '../../../records/filter.ts'
import type { ImageRecord } from '../../../records/record.ts'
import { matcher } from '../../../records/matches.ts'
import type { Truth } from '../truth/truth.ts'
import type { RowSet } from './row-set.ts'

/** The records that pass the filter of one search. */
export class Passing {
  /** The rows; null where the records that are found must tell. */
  readonly rows: RowSet | null
  readonly #matches: ReturnType<typeof matcher>
  readonly #list: () => Iterable<number>

  private constructor(
    rows: RowSet | null,
    matches: ReturnType<typeof matcher>,
    list: () => Iterable<number>,
  ) {
    this.rows = rows
    this.#matches = matches
    this.#list = list
  }

  /** @throws LookalikeError `invalid_parameter` for a key that is no key path */
  static async of(filter: Filter, truth: Truth): Promise<Passing> {
    const rows = await truth.passing.passing(filter)
    return new Passing(rows, matcher(filter), () => rows ?? truth.matching.first(filter))
  }

  includes(record: ImageRecord): boolean {
    return this.#matches(filterDocument(record))
  }

  /** However many there are. */
  all(): number[] {
    return [...this.#list()]
  }
}
