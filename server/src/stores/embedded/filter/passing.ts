import { filterDocument, type Filter } from '../../../records/filter.ts'
import type { ImageRecord } from '../../../records/record.ts'
import { matcher } from '../../../records/matches.ts'
import type { FollowedRows } from './followed-rows.ts'
import type { RowSet } from './row-set.ts'

/** The records that pass the filter of one search. */
export class Passing {
  readonly rows: RowSet
  readonly #matches: ReturnType<typeof matcher>

  private constructor(rows: RowSet, matches: ReturnType<typeof matcher>) {
    this.rows = rows
    this.#matches = matches
  }

  /** @throws LookalikeError `invalid_parameter` for a key that is no key path */
  static async of(filter: Filter, followed: FollowedRows): Promise<Passing> {
    return new Passing(await followed.passing(filter), matcher(filter))
  }

  /** Whether a record passes now: rows may be those of a moment ago. */
  includes(record: ImageRecord): boolean {
    return this.#matches(filterDocument(record))
  }
}
