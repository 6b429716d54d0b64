import type { Filter } from '../../../records/filter.ts'
import {
  exactConjuncts,
  filterSql,
  onlyWords,
  listedConditions,
  type FactMatch,
  type SqlCondition,
} from './filter-sql.ts'
import type { Statements } from '../../../sqlite/statements.ts'

/** More rows than this are many: counting further tells no more, and looking up each is slow. */
const maxCounted = 10_000

/** Of a filter that insists on hundreds of values, the rarest of some is rare enough. */
const maxCompared = 20

/**
 * Which rows pass a filter. A value that a filter insists on is where the facts are entered: their key
 * lists its rows in order, so that a page of a large library costs no more than one of a small one.
 */
export class MatchingRows {
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  /** At most `limit` of the rows, ascending. */
  first(filter: Filter, limit = Number.MAX_SAFE_INTEGER): number[] {
    const { sql, params } = this.select(filter)
    return this.#rows(`${sql} ORDER BY 1 LIMIT ?`, [...params, limit])
  }

  /** The `limit` highest rows below `before`, descending. */
  lastBefore(before: number, filter: Filter | undefined, limit: number): number[] {
    const { sql, params } = this.select(filter ?? {}, { sql: '< ?', params: [before] })
    return this.#rows(`${sql} ORDER BY 1 DESC LIMIT ?`, [...params, limit])
  }

  count(filter: Filter): number {
    const { sql, params } = this.select(filter)
    return this.#statements.first(`SELECT count(*) AS n FROM (${sql})`, params)!['n'] as number
  }

  /** A SELECT of the rows, each once; `rowTest` limits them to some. */
  select(filter: Filter, rowTest: SqlCondition = { sql: '> 0', params: [] }): SqlCondition {
    const words = onlyWords(filter)
    if (words) {
      return { sql: `${words.sql} AND rowid ${rowTest.sql}`, params: [...words.params, ...rowTest.params] }
    } // prettier-ignore
    const lists = listedConditions(filter)
    if (lists) {
      return {
        sql: `SELECT value AS row FROM json_each(?) WHERE value ${rowTest.sql}`,
        params: [JSON.stringify(this.#inAll(lists)), ...rowTest.params],
      }
    }
    const entry = this.#rarest(exactConjuncts(filter))
    if (!entry) {
      const where = filterSql(filter)
      return {
        sql: `SELECT images.row FROM images WHERE images.row ${rowTest.sql} AND ${where.sql}`,
        params: [...rowTest.params, ...where.params],
      }
    }
    const { key, kind, value, only, few } = entry
    const facts = `SELECT facts.row FROM facts`
    const test = `facts.key = ? AND facts.kind = ? AND facts.value = ? AND facts.row ${rowTest.sql}`
    const params = [key, kind, value, ...rowTest.params]
    if (only) return { sql: `${facts} WHERE ${test}`, params }
    const where = filterSql(filter, { fewRows: few })
    return {
      sql: `${facts} CROSS JOIN images USING (row) WHERE ${test} AND ${where.sql}`,
      params: [...params, ...where.params],
    }
  }

  /** The rows of every list, compared here: SQLite would put each into a tree of its own first. */
  #inAll(lists: SqlCondition[]): number[] {
    const [shortest, ...others] = lists
      .map(({ sql, params }) => this.#rows(sql, params))
      .sort((a, b) => a.length - b.length)
    let common = new Set(shortest)
    for (const rows of others) common = new Set(rows.filter((row) => common.has(row)))
    return [...common]
  }

  #rarest(matches: FactMatch[]): (FactMatch & { few: boolean }) | undefined {
    if (matches[0]?.only) return { ...matches[0], few: true }
    const counted = matches
      .slice(0, maxCompared)
      .map((match) => ({ match, count: this.#countUpTo(match) }))
    const [rarest] = counted.sort((a, b) => a.count - b.count)
    return rarest && { ...rarest.match, few: rarest.count < maxCounted }
  }

  #countUpTo({ key, kind, value }: FactMatch): number {
    const sql = `SELECT count(*) AS n FROM
      (SELECT 1 FROM facts WHERE key = ? AND kind = ? AND value = ? LIMIT ${maxCounted})`
    return this.#statements.first(sql, [key, kind, value])!['n'] as number
  }

  /** As one JSON text: a JavaScript object for each row would cost ten times the look-up. */
  #rows(sql: string, params: (string | number)[]): number[] {
    const found = this.#statements.first(
      `SELECT json_group_array(row) AS rows FROM (${sql})`,
      params,
    )
    return JSON.parse(found!['rows'] as string) as number[]
  }
}
