import type { Condition, Filter } from '../filter.ts'
import { parseKeyPath } from '../key-path.ts'
import { columnKeys, factKey, type FactKind } from './facts.ts'

export interface SqlCondition {
  /** A Boolean expression over the table `images`. */
  readonly sql: string
  readonly params: (string | number)[]
}

type Match = Extract<Condition, { match: unknown }>['match']
type Range = Extract<Condition, { range: unknown }>['range']

/** The name of the SQL function that judges a record itself: `holds(row, condition as JSON)`. */
export const holdsFunction = 'holds'

/**
 * A filter as SQL, with the meaning that `matches` gives it.
 *
 * @throws LookalikeError `invalid_parameter` for a key that is no key path
 */
export function filterSql(filter: Filter): SqlCondition {
  const { must = [], should = [], must_not: mustNot = [] } = filter
  const clauses = [
    ...must.map(conditionSql),
    ...mustNot.map(conditionSql).map(({ sql, params }) => ({ sql: `NOT ${sql}`, params })),
    ...(should.length > 0 ? [join(should.map(conditionSql), 'OR')] : []),
  ]
  return clauses.length > 0 ? join(clauses, 'AND') : { sql: 'TRUE', params: [] }
}

function join(clauses: SqlCondition[], operator: 'AND' | 'OR'): SqlCondition {
  return {
    sql: `(${clauses.map(({ sql }) => sql).join(` ${operator} `)})`,
    params: clauses.flatMap(({ params }) => params),
  }
}

function conditionSql(condition: Condition): SqlCondition {
  const key = 'is_empty' in condition ? condition.is_empty.key : 'key' in condition && condition.key
  if (key === false) return filterSql(condition as Filter)
  const fact = factKey(parseKeyPath(key))
  if (fact === null) {
    return { sql: `${holdsFunction}(images.row, ?)`, params: [JSON.stringify(condition)] }
  }
  const source = Object.hasOwn(columnKeys, fact)
    ? columnSource(fact as keyof typeof columnKeys)
    : factSource(fact)
  if ('is_empty' in condition) return source.empty()
  if ('match' in condition) return matchSql(condition.match, source)
  return rangeSql((condition as { range: Range }).range, source)
}

/** How rows are asked about one key. */
interface Source {
  empty(): SqlCondition
  /** `test` is about `value`. */
  some(kind: FactKind, test: string, params: (string | number)[]): SqlCondition
}

const never: SqlCondition = { sql: 'FALSE', params: [] }

function factSource(key: string): Source {
  const rows = 'images.row IN (SELECT row FROM facts WHERE key = ? AND kind ='
  return {
    empty: () => ({ sql: `NOT ${rows} 'present')`, params: [key] }),
    some: (kind, test, params) => ({
      sql: `${rows} '${kind}' AND ${test})`,
      params: [key, ...params],
    }),
  }
}

/** A column that holds a text for every record. */
function columnSource(key: keyof typeof columnKeys): Source {
  return {
    empty: () => never,
    some: (kind, test, params) =>
      kind === 'string'
        ? { sql: `(SELECT ${test} FROM (SELECT images.${columnKeys[key]} AS value))`, params }
        : never,
  }
}

function matchSql(match: Match, source: Source): SqlCondition {
  if ('any' in match) {
    const kind = typeof match.any[0] === 'number' ? 'number' : 'string'
    if (match.any.length === 0) return never
    const test = 'value IN (SELECT value FROM json_each(?))'
    return source.some(kind, test, [JSON.stringify(match.any)])
  }
  const { value } = match
  if (typeof value === 'string') return source.some('string', 'value = ?', [value])
  if (typeof value === 'number') return source.some('number', 'value = ?', [value])
  return source.some('boolean', 'value = ?', [Number(value)])
}

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function rangeSql(range: Range, source: Source): SqlCondition {
  const bounds = (Object.keys(comparisons) as (keyof Range)[]).filter(
    (name) => range[name] !== undefined,
  )
  const tests = ['TRUE', ...bounds.map((name) => `value ${comparisons[name]} ?`)]
  return source.some(
    'number',
    tests.join(' AND '),
    bounds.map((name) => range[name]!),
  )
}

/** Both must hold; either may be absent. */
export function and(condition: SqlCondition | undefined, filter: Filter | undefined): SqlCondition {
  const clauses = [condition, filter && filterSql(filter)].filter((clause) => clause !== undefined)
  return {
    sql: clauses.map(({ sql }) => sql).join(' AND ') || 'TRUE',
    params: clauses.flatMap(({ params }) => params),
  }
}
