import { FacetCounter, type FacetCount } from '../../../records/facets.ts'
import { filterDocument, type Filter } from '../../../records/filter.ts'
import { parseKeyPath } from '../../../records/key-path.ts'
import type { Statements } from '../../../sqlite/statements.ts'
import { columnKeys, factKey } from '../filter/facts.ts'
import type { MatchingRows } from '../filter/matching-rows.ts'
import { columnList, toRecord } from './columns.ts'

/**
 * Values of a key with their counts, most frequent first.
 *
 * @throws LookalikeError `invalid_parameter` for a key that is no key path
 */
export function countFacets(
  statements: Statements,
  matching: MatchingRows,
  { key, limit, filter }: { key: string; limit: number; filter?: Filter | undefined },
): FacetCount[] {
  const fact = factKey(parseKeyPath(key))
  if (fact !== null && !Object.hasOwn(columnKeys, fact)) {
    const passing = filter && matching.select(filter)
    return statements
      .all(
        `SELECT kind, value, count(*) AS n FROM facts
         WHERE key = ? AND kind IN ('boolean', 'number', 'string') ${passing ? `AND row IN (${passing.sql})` : ''}
         GROUP BY kind, value ORDER BY n DESC, CAST(value AS TEXT) LIMIT ?`,
        [fact, ...(passing?.params ?? []), limit],
      )
      .map(({ kind, value, n }) => ({
        value: kind === 'boolean' ? value === 1 : (value as string | number),
        count: n as number,
      }))
  }
  const passing = matching.select(filter ?? {})
  const counter = new FacetCounter(key)
  const rows = statements.all(
    `SELECT ${columnList} FROM images WHERE row IN (${passing.sql})`,
    passing.params,
  )
  for (const row of rows) counter.add(filterDocument(toRecord(row)))
  return counter.top(limit)
}
