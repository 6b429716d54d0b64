import { setImmediate } from 'node:timers/promises'
import type { Statements } from '../../../sqlite/statements.ts'
import type { PageRequest } from '../../image-store.ts'
import type { FollowedRows } from '../filter/followed-rows.ts'
import type { RowSet } from '../filter/row-set.ts'
import { type Place, readCursor, toCursor } from './cursor.ts'

/** Looked at in one statement. */
const chunk = 1_000
/** So many that pass a filter are put in order; of more, those of a time are asked whether they pass. */
const maxSorted = 4_000

const timeFacts = `FROM facts WHERE key = 'lookalike.indexed_at' AND kind = 'string'`

export interface RowPage {
  readonly rows: number[]
  readonly nextCursor: string | null
}

type Order = PageRequest['order']
/** The next places behind one; fewer than `count` are the last. */
type Next = (after: Place | null, count: number) => Place[] | Promise<Place[]>

/** The library page by page: in the order of arrival, last first, or in that of when pictures were indexed. */
export class Walk {
  readonly #statements: Statements
  readonly #passing: FollowedRows

  constructor(statements: Statements, passing: FollowedRows) {
    this.#statements = statements
    this.#passing = passing
  }

  async page({ filter, order, limit, cursor }: PageRequest): Promise<RowPage> {
    const after = readCursor(cursor, order !== undefined)
    const passing = filter && (await this.#passing.passing(filter))
    const next = order ? this.#byTime(order, passing) : this.#byArrival(passing)
    const places = await next(after, limit + 1)
    const rows = places.slice(0, limit).map(({ row }) => row)
    return { rows, nextCursor: places.length > limit ? toCursor(places[limit - 1]!) : null }
  }

  #byArrival(passing: RowSet | undefined): Next {
    const sql = 'SELECT row FROM images WHERE row < ? ORDER BY row DESC LIMIT ?'
    return (after, count) => {
      const before = after?.row ?? Number.MAX_SAFE_INTEGER
      return passing
        ? passing.lastBefore(before, count).map((row) => ({ row }))
        : (this.#statements.all(sql, [before, count]) as unknown as Place[])
    }
  }

  #byTime(order: NonNullable<Order>, passing: RowSet | undefined): Next {
    const all = (after: Place | null, count: number) => this.#nextByTime(order, after, count)
    if (!passing) return all
    if (passing.size <= maxSorted) return this.#sorted(order, [...passing])
    return async (after, count) => {
      const found: Place[] = []
      for (let from = after; found.length < count; await setImmediate()) {
        const places = all(from, chunk)
        found.push(...places.filter(({ row }) => passing.has(row)))
        if (places.length < chunk) break
        from = places.at(-1)!
      }
      return found.slice(0, count)
    }
  }

  #nextByTime(order: NonNullable<Order>, after: Place | null, count: number): Place[] {
    const [comparison, direction] = order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC']
    const timed =
      after?.time === null
        ? []
        : this.#statements.all(
            `SELECT value AS time, row ${timeFacts} ${after ? `AND (value, row) ${comparison} (?, ?)` : ''}
             ORDER BY value ${direction}, row ${direction} LIMIT ?`,
            [...(after ? [after.time!, after.row] : []), count],
          )
    if (timed.length === count) return timed as unknown as Place[]
    const untimed = this.#statements.all(
      'SELECT NULL AS time, row FROM images WHERE indexed_at IS NULL AND row > ? ORDER BY row LIMIT ?',
      [after?.time === null ? after.row : 0, count - timed.length],
    )
    return [...timed, ...untimed] as unknown as Place[]
  }

  #sorted(order: NonNullable<Order>, rows: number[]): Next {
    const sign = order === 'newest' ? -1 : 1
    const places = this.#statements.all(
      'SELECT indexed_at AS time, row FROM images WHERE row IN (SELECT value FROM json_each(?))',
      [JSON.stringify(rows)],
    ) as unknown as Place[]
    const compare = (a: Place, b: Place) => {
      if (a.time === b.time) return a.time === null ? a.row - b.row : sign * (a.row - b.row)
      if (a.time === null || b.time === null) return a.time === null ? 1 : -1
      return sign * (a.time! < b.time! ? -1 : 1)
    }
    places.sort(compare)
    return (after, count) => {
      const first = after ? places.findIndex((place) => compare(place, after) > 0) : 0
      return first === -1 ? [] : places.slice(first, first + count)
    }
  }
}
