import { setImmediate } from 'node:timers/promises'
import { FacetCounter, type FacetCount, TopFacets } from '../../../records/facets.ts'
import { filterDocument, type Filter } from '../../../records/filter.ts'
import { parseKeyPath } from '../../../records/key-path.ts'
import type { Statements } from '../../../sqlite/statements.ts'
import { isColumn } from '../filter/condition-rows.ts'
import { factKey } from '../filter/facts.ts'
import type { FollowedRows } from '../filter/followed-rows.ts'
import type { RowSet } from '../filter/row-set.ts'
import type { StoredRecords } from './stored-records.ts'

/** Facts, and records, read before other work gets its turn: a few milliseconds. */
const slice = 20_000
const recordSlice = 500

interface FacetQuestion {
  readonly key: string
  readonly limit: number
  readonly filter?: Filter | undefined
}

/** Values of a key with their counts, from facts where there are any, else from the records. */
export class Facets {
  readonly #statements: Statements
  readonly #records: StoredRecords
  readonly #passing: FollowedRows

  constructor(statements: Statements, records: StoredRecords, passing: FollowedRows) {
    this.#statements = statements
    this.#records = records
    this.#passing = passing
  }

  /**
   * Most frequent first.
   *
   * @throws LookalikeError `invalid_parameter` for a key that is no key path
   */
  async count({ key, limit, filter }: FacetQuestion): Promise<FacetCount[]> {
    const fact = factKey(parseKeyPath(key))
    if (fact === null || isColumn(fact)) return this.#ofRecords(key, limit, filter ?? {})
    const rows = filter && (await this.#passing.passing(filter))
    const top = new TopFacets(limit)
    for (const kind of ['boolean', 'number', 'string']) {
      for await (const { value, count } of this.#ofFacts(fact, kind, rows)) {
        if (count > 0) top.add({ value: kind === 'boolean' ? value === 1 : value, count })
      }
    }
    return top.sorted()
  }

  /** Each value of a kind, and how many of the rows have it. */
  async *#ofFacts(key: string, kind: string, rows: RowSet | undefined) {
    const facts = 'SELECT value, row FROM facts WHERE key = ? AND kind = ?'
    const groups = (behind: string) => `
      SELECT value, count(*) AS n, max(row) AS last, ${rows ? 'json_group_array(row)' : 'NULL'} AS rows
      FROM (${facts} ${behind} ORDER BY value, row LIMIT ${slice}) GROUP BY value ORDER BY value`
    let found = this.#statements.all(groups(''), [key, kind])
    let current: { value: string | number; count: number } | undefined
    for (;;) {
      let read = 0
      for (const group of found) {
        const value = group['value'] as string | number
        const count = rows ? countIn(rows, group['rows'] as string) : (group['n'] as number)
        if (current && current.value !== value) yield current
        current = { value, count: current?.value === value ? current.count + count : count }
        read += group['n'] as number
      }
      if (read < slice) break
      const { value, last } = found.at(-1)!
      await setImmediate()
      found = this.#statements.all(groups('AND (value, row) > (?, ?)'), [key, kind, value!, last!])
    }
    if (current) yield current
  }

  async #ofRecords(key: string, limit: number, filter: Filter): Promise<FacetCount[]> {
    const counter = new FacetCounter(key)
    for (const rows of (await this.#passing.passing(filter)).lists(recordSlice)) {
      for (const record of this.#records.atRows([...rows]).values()) counter.add(filterDocument(record)) // prettier-ignore
      await setImmediate()
    }
    return counter.top(limit)
  }
}

function countIn(rows: RowSet, list: string): number {
  return (JSON.parse(list) as number[]).filter((row) => rows.has(row)).length
}
