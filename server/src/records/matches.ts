import type { Condition, Filter } from './filter.ts'
import type { Json } from './record.ts'
import { parseKeyPath, valuesAt } from './key-path.ts'
import { hasTerms } from './terms.ts'

type Document = { [key: string]: Json }
type Predicate = (document: Document) => boolean

/**
 * Whether a document (see `filterDocument`) passes a filter, with Qdrant's meaning:
 *
 * - all of `must`, none of `must_not`, and any of `should`; an empty or absent list says nothing;
 * - `match` and `range` look at each value the key leads to, and at each element where that value is
 *   an array (one level); a missing key never matches;
 * - `match` compares type and value: 1, "1" and true are three things; `any: []` matches nothing;
 * - `range` is for numbers alone;
 * - `is_empty` holds where every value the key leads to is null or [], or there is none.
 *
 * Source: https://qdrant.tech/documentation/concepts/filtering/, and for what that page leaves open
 * (nested arrays, an empty `should`) the behaviour of Qdrant 1.19.
 *
 * Throws `invalid_parameter` for a key that is no key path.
 */
export function matches(filter: Filter, document: Document): boolean {
  return matcher(filter)(document)
}

/** `matches` for many documents: reads the filter once. */
export function matcher({ must = [], should = [], must_not: mustNot = [] }: Filter): Predicate {
  const all = must.map(conditionMatcher)
  const any = should.map(conditionMatcher)
  const none = mustNot.map(conditionMatcher)
  return (document) => {
    const holds = (predicate: Predicate) => predicate(document)
    return all.every(holds) && !none.some(holds) && (any.length === 0 || any.some(holds))
  }
}

function conditionMatcher(condition: Condition): Predicate {
  if ('is_empty' in condition) {
    const path = parseKeyPath(condition.is_empty.key)
    return (document) => valuesAt(document, path).every(isEmpty)
  }
  if ('words' in condition) return hasTerms(condition)
  if (!('key' in condition)) return matcher(condition)
  const path = parseKeyPath(condition.key)
  const accepts = 'match' in condition ? equals(condition.match) : inside(condition.range)
  return (document) => (valuesAt(document, path).flat() as Json[]).some(accepts)
}

function isEmpty(value: Json): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

type Match = Extract<Condition, { match: unknown }>['match']
type Range = Extract<Condition, { range: unknown }>['range']

function equals(match: Match): (value: Json) => boolean {
  const wanted = new Set<Json>('any' in match ? match.any : [match.value])
  return (value) => wanted.has(value)
}

function inside({ gt, gte, lt, lte }: Range): (value: Json) => boolean {
  return (value) =>
    typeof value === 'number' &&
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte)
}
