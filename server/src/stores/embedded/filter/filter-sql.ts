import type { Condition, Filter, Term, WordsCondition } from '../../../records/filter.ts'
import { parseKeyPath } from '../../../records/key-path.ts'
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

/** A value that a record must have for a filter to let it through. */
export interface FactMatch {
  readonly key: string
  readonly kind: FactKind
  readonly value: string | number
  /** The filter asks nothing else. */
  readonly only: boolean
}

interface FilterSqlOptions {
  /** The expression is asked of few rows: looking each up beats listing all that a condition holds for. */
  readonly fewRows?: boolean
}

/**
 * A filter as SQL, with the meaning that `matches` gives it.
 *
 * @throws LookalikeError `invalid_parameter` for a key that is no key path
 */
export function filterSql(filter: Filter, options: FilterSqlOptions = {}): SqlCondition {
  const { must = [], should = [], must_not: mustNot = [] } = filter
  const toSql = (condition: Condition) => conditionSql(condition, options)
  const clauses = [
    ...must.map(toSql),
    ...mustNot.map(toSql).map(({ sql, params }) => ({ sql: `NOT ${sql}`, params })),
    ...(should.length > 0 ? [join(should.map(toSql), 'OR')] : []),
  ]
  return clauses.length > 0 ? join(clauses, 'AND') : { sql: 'TRUE', params: [] }
}

/** The values that a filter insists on and that facts are kept of. */
export function exactConjuncts(filter: Filter): FactMatch[] {
  const { must = [], should = [], must_not: mustNot = [] } = filter
  const only = must.length === 1 && should.length === 0 && mustNot.length === 0
  return must.flatMap((condition): FactMatch[] => {
    if ('match' in condition && 'value' in condition.match) {
      const key = factKey(parseKeyPath(condition.key))
      if (key === null || Object.hasOwn(columnKeys, key)) return []
      return [{ key, only, ...factValue(condition.match.value) }]
    }
    if ('key' in condition || 'is_empty' in condition || 'words' in condition) return []
    return exactConjuncts(condition as Filter).map((each) => ({ ...each, only: only && each.only }))
  })
}

/** A SELECT of the rows of a filter that asks for nothing but words: the index gives them in their order, as many as are read. */
export function onlyWords({
  must = [],
  should = [],
  must_not: mustNot = [],
}: Filter): SqlCondition | null {
  const [condition] = must
  if (!condition || must.length > 1 || should.length > 0 || mustNot.length > 0) return null
  if (!('words' in condition)) return 'key' in condition || 'is_empty' in condition ? null : onlyWords(condition) // prettier-ignore
  return canMatch(condition) ? wordsSql(condition) : null
}

/** Whether there is a record that it could hold for. */
export function canMatch({ words }: WordsCondition): boolean {
  return words.length > 0 && words.every((phrases) => phrases.length > 0)
}

/**
 * One SELECT for each condition, of the rows for which it holds, perhaps several times. Null for a filter
 * that is more than a list of matches and ranges, or has no need of it: exact matches alone are entered.
 */
export function listedConditions(filter: Filter): SqlCondition[] | null {
  const { must = [], should = [], must_not: mustNot = [] } = filter
  const exact = exactConjuncts(filter).length
  if (should.length > 0 || mustNot.length > 0 || exact === must.length) return null
  const lists = must.flatMap((condition) => listedCondition(condition) ?? [])
  return lists.length === must.length ? lists : null
}

function listedCondition(condition: Condition): SqlCondition | null {
  if ('words' in condition) return wordsSql(condition)
  if (!('match' in condition || 'range' in condition)) return null
  const key = factKey(parseKeyPath(condition.key))
  if (key === null || Object.hasOwn(columnKeys, key)) return null
  const source = listSource(key)
  const list = 'match' in condition ? matchSql(condition.match, source) : rangeSql(condition.range, source) // prettier-ignore
  return list === never ? null : list
}

export function factValue(value: string | number | boolean): Pick<FactMatch, 'kind' | 'value'> {
  if (typeof value === 'boolean') return { kind: 'boolean', value: Number(value) }
  return { kind: typeof value as 'string' | 'number', value }
}

function join(clauses: SqlCondition[], operator: 'AND' | 'OR'): SqlCondition {
  return {
    sql: joined(
      clauses.map(({ sql }) => sql),
      operator,
    ),
    params: clauses.flatMap(({ params }) => params),
  }
}

/** In halves of halves: SQLite reads a chain as a tree that is as deep as it is long, and takes 1,000 levels. */
function joined(clauses: string[], operator: 'AND' | 'OR'): string {
  if (clauses.length === 1) return clauses[0]!
  const middle = clauses.length >> 1
  const halves = [clauses.slice(0, middle), clauses.slice(middle)]
  return `(${halves.map((half) => joined(half, operator)).join(` ${operator} `)})`
}

function conditionSql(condition: Condition, options: FilterSqlOptions): SqlCondition {
  if ('words' in condition) {
    const { sql, params } = wordsSql(condition)
    return { sql: `images.row IN (${sql})`, params }
  }
  const key = 'is_empty' in condition ? condition.is_empty.key : 'key' in condition && condition.key
  if (key === false) return filterSql(condition as Filter, options)
  const fact = factKey(parseKeyPath(key))
  if (fact === null) {
    return { sql: `${holdsFunction}(images.row, ?)`, params: [JSON.stringify(condition)] }
  }
  const source = Object.hasOwn(columnKeys, fact)
    ? columnSource(fact as keyof typeof columnKeys)
    : factSource(fact, options)
  if ('is_empty' in condition) return source.empty()
  if ('match' in condition) return matchSql(condition.match, source)
  return rangeSql((condition as { range: Range }).range, source)
}

/** A SELECT of the rows in which all words stand. */
export function wordsSql({ words }: WordsCondition): SqlCondition {
  if (words.length === 0) return { sql: 'SELECT row FROM images', params: [] }
  if (words.some((phrases) => phrases.length === 0)) {
    return { sql: 'SELECT row FROM images WHERE FALSE', params: [] }
  }
  const term = ({ text, isBeginning }: Term) =>
    `"${text.replaceAll('"', '""')}"${isBeginning ? '*' : ''}`
  const query = words.map((phrases) => {
    const all = phrases.map((terms) => `(${terms.map(term).join(' AND ')})`)
    return `(${all.join(' OR ')})`
  })
  return {
    sql: 'SELECT rowid AS row FROM words WHERE words MATCH ?',
    params: [query.join(' AND ')],
  }
}

/** How rows are asked about one key. */
interface Source {
  empty(): SqlCondition
  equal(kind: FactKind, value: string | number): SqlCondition
  /** `test` is about `value`. */
  some(kind: FactKind, test: string, params: (string | number)[]): SqlCondition
}

const never: SqlCondition = { sql: 'FALSE', params: [] }

function factSource(key: string, { fewRows = false }: FilterSqlOptions): Source {
  const listed = 'images.row IN (SELECT row FROM facts WHERE key = ? AND kind ='
  const asked = 'EXISTS (SELECT 1 FROM facts WHERE row = images.row AND key = ? AND kind ='
  const equal = (kind: FactKind, value: string | number) => ({
    sql: `${fewRows ? asked : listed} '${kind}' AND value = ?)`,
    params: [key, value],
  })
  const present = equal('present', 1)
  return {
    empty: () => ({ sql: `NOT ${present.sql}`, params: present.params }),
    equal,
    some: (kind, test, params) => ({
      sql: `${listed} '${kind}' AND ${test})`,
      params: [key, ...params],
    }),
  }
}

/** Lists the rows instead of asking about each. */
function listSource(key: string): Source {
  const some = (kind: FactKind, test: string, params: (string | number)[]) => ({
    sql: `SELECT row FROM facts WHERE key = ? AND kind = '${kind}' AND ${test}`,
    params: [key, ...params],
  })
  return { empty: () => never, equal: (kind, value) => some(kind, 'value = ?', [value]), some }
}

/** A column that holds a text for every record. */
function columnSource(key: keyof typeof columnKeys): Source {
  const some = (kind: FactKind, test: string, params: (string | number)[]) =>
    kind === 'string'
      ? { sql: `(SELECT ${test} FROM (SELECT images.${columnKeys[key]} AS value))`, params }
      : never
  return { empty: () => never, equal: (kind, value) => some(kind, 'value = ?', [value]), some }
}

function matchSql(match: Match, source: Source): SqlCondition {
  if ('any' in match) {
    const kind = typeof match.any[0] === 'number' ? 'number' : 'string'
    if (match.any.length === 0) return never
    const test = 'value IN (SELECT value FROM json_each(?))'
    return source.some(kind, test, [JSON.stringify(match.any)])
  }
  const { kind, value } = factValue(match.value)
  return source.equal(kind, value)
}

export const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

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
