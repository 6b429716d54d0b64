import type { Condition, Filter } from '../../../records/filter.ts'
import type { IndexType } from '../options.ts'

/** Type of the index of a key whose graph has links for it; null where there is none. */
export type LinkedIndex = (key: string) => IndexType | null

/**
 * Whether the graph's own links carry a search through this filter. Qdrant links the points that share a
 * value of an indexed key, key by key: one condition on one value stays connected, while alternatives,
 * exclusions and two keys at once leave islands (its benchmark finds 40 % of the neighbours under two
 * conditions: https://qdrant.tech/articles/filtered-vector-search-acorn/).
 */
export function isLinked(filter: Filter, linked: LinkedIndex): boolean {
  const { must = [], should = [], must_not: mustNot = [] } = filter
  if (mustNot.length > 0) return false
  // One alternative is no alternative.
  const all = should.length === 1 ? [...must, ...should] : must
  if (should.length > 1 || all.length > 1) return false
  return all.length === 0 || isLinkedCondition(all[0]!, linked)
}

function isLinkedCondition(condition: Condition, linked: LinkedIndex): boolean {
  if ('is_empty' in condition || 'words' in condition) return false
  if (!('key' in condition)) return isLinked(condition, linked)
  const type = linked(condition.key)
  if (type === null) return false
  if ('range' in condition) return type === 'integer' || type === 'float'
  const { match } = condition
  const values = 'any' in match ? match.any : [match.value]
  return values.length === 1 && type === typeFor(values[0]!)
}

/** The index that finds a value; a float index finds none, only ranges. */
function typeFor(value: string | number | boolean): IndexType {
  return typeof value === 'string' ? 'keyword' : typeof value === 'number' ? 'integer' : 'bool'
}
