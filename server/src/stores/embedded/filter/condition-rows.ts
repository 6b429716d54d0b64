import type { Condition, WordsCondition } from '../../../records/filter.ts'
import { parseKeyPath } from '../../../records/key-path.ts'
import type { Statements } from '../../../sqlite/statements.ts'
import { columnKeys, factKey, type FactKind } from './facts.ts'
import { canMatch, comparisons, factValue, wordsSql } from './filter-sql.ts'

/** Read before other work gets its turn: a few milliseconds. */
const slice = 20_000

export type Slices = Generator<number[]>

/**
 * The rows for which a condition holds, in slices, each read as the library is then; null where no table
 * lists them, for keys with an index in them and the record's own texts. `is_empty` is asked by its opposite.
 */
export function conditionRows(statements: Statements, condition: Condition): Slices | null {
  if ('words' in condition) return wordRows(statements, condition)
  const path = 'is_empty' in condition ? condition.is_empty.key : (condition as { key: string }).key
  const key = factKey(parseKeyPath(path))
  if (key === null || Object.hasOwn(columnKeys, key)) return null
  const ofValue = (kind: FactKind, value: string | number) =>
    valueRows(statements, key, kind, value)
  if ('is_empty' in condition) return ofValue('present', 1)
  if ('range' in condition) return rangeRows(statements, key, condition.range)
  const { match } = condition as Extract<Condition, { match: unknown }>
  if ('any' in match) return anyRows(match.any, ofValue)
  const { kind, value } = factValue(match.value)
  return ofValue(kind, value)
}

function* anyRows(
  values: readonly (string | number)[],
  ofValue: (kind: FactKind, value: string | number) => Slices,
): Slices {
  for (const value of new Set(values)) yield* ofValue(factValue(value).kind, value)
}

function* valueRows(
  statements: Statements,
  key: string,
  kind: FactKind,
  value: string | number,
): Slices {
  const test = 'key = ? AND kind = ? AND value = ? AND row > ?'
  yield* byRow(statements, `SELECT row FROM facts WHERE ${test} ORDER BY row`, [key, kind, value])
}

/** Null for no words at all, which stand in every record. */
function wordRows(statements: Statements, condition: WordsCondition): Slices | null {
  if (condition.words.length === 0) return null
  const { sql, params } = wordsSql(condition)
  return canMatch(condition) ? byRow(statements, `${sql} AND rowid > ? ORDER BY rowid`, params) : none() // prettier-ignore
}

function* none(): Slices {}

/** Whatever a SELECT gives whose last parameter is the row behind which it begins. */
function* byRow(statements: Statements, sql: string, params: (string | number)[]): Slices {
  for (let last = 0; ;) {
    const { rows } = readSlice(statements, sql, [...params, last])
    yield rows
    if (rows.length < slice) return
    last = rows.at(-1)!
  }
}

type Range = Extract<Condition, { range: unknown }>['range']

/** In the order of the facts: by value, then by row. */
function* rangeRows(statements: Statements, key: string, range: Range): Slices {
  const bounds = (Object.keys(comparisons) as (keyof Range)[]).filter(
    (name) => range[name] !== undefined,
  )
  const tests = [
    `key = ? AND kind = 'number'`,
    ...bounds.map((name) => `value ${comparisons[name]} ?`),
  ].join(' AND ')
  const params = [key, ...bounds.map((name) => range[name]!)]
  const order = 'ORDER BY value, row'
  let found = readSlice(statements, `SELECT row, value FROM facts WHERE ${tests} ${order}`, params)
  for (;;) {
    yield found.rows
    if (found.rows.length < slice) return
    const next = `SELECT row, value FROM facts WHERE ${tests} AND (value, row) > (?, ?) ${order}`
    found = readSlice(statements, next, [...params, found.highest!, found.rows.at(-1)!])
  }
}

/** As one JSON text: a JavaScript object for each row would cost ten times the look-up. */
function readSlice(statements: Statements, sql: string, params: (string | number)[]) {
  const highest = sql.includes('value FROM') ? 'max(value)' : 'NULL'
  const found = statements.first(
    `SELECT json_group_array(row) AS rows, ${highest} AS highest FROM (${sql} LIMIT ${slice})`,
    params,
  )!
  return {
    rows: JSON.parse(found['rows'] as string) as number[],
    highest: found['highest'] as number | null,
  }
}
