import {
  filterDocument,
  type Condition,
  type Term,
  type WordsCondition,
} from '../../../records/filter.ts'
import { parseKeyPath } from '../../../records/key-path.ts'
import { matcher } from '../../../records/matches.ts'
import type { Statements } from '../../../sqlite/statements.ts'
import { columnList, toRecord } from '../truth/columns.ts'
import { columnKeys, factKey, type FactKind } from './facts.ts'

/** Read before other work gets its turn: a few milliseconds. */
const slice = 20_000
const recordSlice = 500

/** Rows, each perhaps several times. */
export type Slices = Generator<number[]>
type Values = (string | number)[]

/** What facts are kept of, or a text of the record, or neither. */
export type LeafCondition = Exclude<Condition, { must?: unknown }>

/**
 * The rows for which a condition holds, in slices, each read as the library is then. Of `is_empty` those for which
 * it does not hold.
 *
 * @throws LookalikeError `invalid_parameter` for a key that is no key path
 */
export function conditionRows(statements: Statements, condition: LeafCondition): Slices {
  if ('words' in condition) return wordRows(statements, condition)
  const key = factKey(
    parseKeyPath('is_empty' in condition ? condition.is_empty.key : condition.key),
  )
  if (key === null) return judgedRows(statements, condition)
  const ofValue = (kind: FactKind, value: string | number) =>
    isColumn(key)
      ? columnRows(statements, key, kind, value)
      : byRow(statements, `SELECT row FROM facts WHERE key = ? AND kind = ? AND value = ?`, [key, kind, value]) // prettier-ignore
  if ('is_empty' in condition) return isColumn(key) ? everyRow(statements) : ofValue('present', 1)
  if ('range' in condition) return rangeRows(statements, key, condition.range)
  const { match } = condition
  const values: readonly (string | number | boolean)[] = 'any' in match ? match.any : [match.value]
  const texts = values.filter((value) => typeof value === 'string')
  if (texts.length > 1 && texts.length === values.length && !isColumn(key)) {
    return textRows(statements, key, texts, (text) => ofValue('string', text))
  }
  return inTurn([...new Set(values)].map(toFact).map(({ kind, value }) => ofValue(kind, value)))
}

/** By the index of ids, which is a tenth of the table. */
export function* everyRow(statements: Statements): Slices {
  for (let last: string | null = ''; last !== null;) {
    const found = readSlice(
      statements,
      'SELECT row, id AS place FROM images WHERE id > ? ORDER BY id',
      [last],
    )
    yield found.rows
    last = found.place as string | null
  }
}

/** A SELECT of the rows in which all words stand. */
function wordRows(statements: Statements, { words }: WordsCondition): Slices {
  if (words.length === 0) return everyRow(statements)
  if (words.some((phrases) => phrases.length === 0)) return inTurn([])
  const term = ({ text, isBeginning }: Term) =>
    `"${text.replaceAll('"', '""')}"${isBeginning ? '*' : ''}`
  const query = words.map((phrases) => {
    const all = phrases.map((terms) => `(${terms.map(term).join(' AND ')})`)
    return `(${all.join(' OR ')})`
  })
  const sql = 'SELECT rowid AS row FROM words WHERE words MATCH ?'
  return byRow(statements, sql, [query.join(' AND ')], 'rowid')
}

/** Of several texts at once where they fit in a slice: a statement for each takes longer than what it reads. */
function* textRows(
  statements: Statements,
  key: string,
  texts: string[],
  ofText: (text: string) => Slices,
): Slices {
  const sql = `SELECT json_group_array(row) AS rows FROM (
    SELECT row FROM json_each(?) AS asked CROSS JOIN facts
    ON facts.key = ? AND facts.kind = 'string' AND facts.value = asked.value LIMIT ${slice})`
  const distinct = [...new Set(texts)]
  const found = statements.one(sql, [JSON.stringify(distinct), key])['rows']
  const rows = JSON.parse(found as string) as number[]
  if (rows.length < slice) yield rows
  else yield* inTurn(distinct.map(ofText))
}

/** A column that holds a text for every record: no index lists its rows, so that each is looked at. */
function* columnRows(
  statements: Statements,
  column: string,
  kind: FactKind,
  value: string | number,
): Slices {
  if (kind !== 'string') return
  const sql = `SELECT json_group_array(row) AS rows FROM images WHERE row > ? AND row <= ? AND ${column} = ?`
  const last = lastRow(statements)
  for (let from = 0; from < last; from += slice) {
    yield JSON.parse(statements.one(sql, [from, from + slice, value])['rows'] as string) as number[]
  }
}

type Range = Extract<Condition, { range: unknown }>['range']

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** In the order of the facts: by value, then by row. */
function* rangeRows(statements: Statements, key: string, range: Range): Slices {
  const bounds = (Object.keys(comparisons) as (keyof Range)[]).filter(
    (name) => range[name] !== undefined,
  )
  const tests = bounds.map((name) => ` AND value ${comparisons[name]} ?`).join('')
  const facts = `SELECT row, value AS place FROM facts WHERE key = ? AND kind = 'number'${tests}`
  const params = [key, ...bounds.map((name) => range[name]!)]
  let found = readSlice(statements, `${facts} ORDER BY value, row`, params)
  for (;;) {
    yield found.rows
    if (found.place === null) return
    const next = `${facts} AND (value, row) > (?, ?) ORDER BY value, row`
    found = readSlice(statements, next, [...params, found.place, found.rows.at(-1)!])
  }
}

/** Where no table lists them, as for keys with an index in them, the records say. */
function* judgedRows(statements: Statements, condition: LeafCondition): Slices {
  const holds = matcher('is_empty' in condition ? { must_not: [condition] } : { must: [condition] })
  const sql = `SELECT row, ${columnList} FROM images WHERE row > ? ORDER BY row LIMIT ${recordSlice}`
  for (let last = 0; ;) {
    const found = statements.all(sql, [last])
    yield found
      .filter((each) => holds(filterDocument(toRecord(each))))
      .map(({ row }) => Number(row))
    if (found.length < recordSlice) return
    last = Number(found.at(-1)!['row'])
  }
}

/** Whatever a SELECT gives, in the order of rows. */
function* byRow(statements: Statements, sql: string, params: Values, row = 'row'): Slices {
  const place = sql.replace('SELECT ', `SELECT ${row} AS place, `)
  for (let last: number | null = 0; last !== null;) {
    const found = readSlice(statements, `${place} AND ${row} > ? ORDER BY ${row}`, [
      ...params,
      last,
    ])
    yield found.rows
    last = found.place as number | null
  }
}

function* inTurn(all: Slices[]): Slices {
  for (const each of all) yield* each
}

/**
 * The rows of one slice, and the highest place among them; null behind the last slice. As one JSON text: a JavaScript
 * object for each row would cost ten times the look-up.
 */
function readSlice(statements: Statements, sql: string, params: Values) {
  const found = statements.one(
    `SELECT json_group_array(row) AS rows, max(place) AS place FROM (${sql} LIMIT ${slice})`,
    params,
  )
  const rows = JSON.parse(found['rows'] as string) as number[]
  return { rows, place: rows.length < slice ? null : (found['place'] as string | number) }
}

/** The highest row there is; later records get higher ones. */
export function lastRow(statements: Statements): number {
  return Number(statements.first('SELECT max(row) AS row FROM images')?.['row'] ?? 0)
}

/** Whether a key leads to a text that every record has. */
export function isColumn(key: string): boolean {
  return Object.hasOwn(columnKeys, key)
}

function toFact(value: string | number | boolean): { kind: FactKind; value: string | number } {
  if (typeof value === 'boolean') return { kind: 'boolean', value: Number(value) }
  return { kind: typeof value as 'string' | 'number', value }
}
