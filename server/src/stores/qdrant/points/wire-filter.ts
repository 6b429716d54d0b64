import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../../errors.ts'
import type { Condition, Filter } from '../../../records/filter.ts'
import { recordId } from '../../../records/record-id.ts'
import { maxRequestBytes } from './write-batches.ts'

/**
 * A filter in the form Qdrant takes.
 *
 * @param idsAreOfUris whether every point's id follows from its URI: it is found by that without an index
 */
export function wireFilter(filter: Filter, idsAreOfUris: boolean): Schemas['Filter'] {
  const wire = wireClauses(filter, idsAreOfUris)
  if (valuesIn(filter) > maxUncheckedValues) checkSize(wire)
  return wire
}

function wireClauses(filter: Filter, idsAreOfUris: boolean): Schemas['Filter'] {
  const clauses = Object.entries(filter) as [keyof Filter, Condition[] | undefined][]
  return Object.fromEntries(
    clauses.map(([clause, all]) => [clause, all?.map((each) => wireCondition(each, idsAreOfUris))]),
  )
}

export function wireCondition(condition: Condition, idsAreOfUris = false): Schemas['Condition'] {
  if ('is_empty' in condition || 'range' in condition) return condition
  if (!('match' in condition)) return wireClauses(condition, idsAreOfUris)
  const { key, match } = condition
  // Qdrant's interface has the values of `any` differ from each other.
  const wire = {
    key,
    match: 'any' in match ? { any: [...new Set<string | number>(match.any)] } : match,
  }
  if (!idsAreOfUris || key !== 'image_uri') return wire
  // URIs that differ by spaces around them share an id.
  return { must: [{ has_id: idsOf(match) }, wire] }
}

function idsOf(match: Extract<Condition, { match: unknown }>['match']): string[] {
  const values: unknown[] = 'any' in match ? match.any : [match.value]
  const uris = values.filter((value) => typeof value === 'string')
  return [...new Set(uris.map(recordId))]
}

/** So many cannot fill a request, at the length that a filter's values have. */
const maxUncheckedValues = 1_000

function valuesIn({ must = [], should = [], must_not: mustNot = [] }: Filter): number {
  return [...must, ...should, ...mustNot].reduce((sum, condition) => {
    if ('match' in condition)
      return sum + ('any' in condition.match ? condition.match.any.length : 1)
    return sum + ('key' in condition || 'is_empty' in condition ? 1 : valuesIn(condition))
  }, 0)
}

function checkSize(wire: Schemas['Filter']): void {
  const bytes = Buffer.byteLength(JSON.stringify(wire))
  if (bytes <= maxRequestBytes) return
  throw new LookalikeError(
    'invalid_parameter',
    `The filter has ${Math.round(bytes / 1e6)} MB, and Qdrant takes 30. Let it name fewer values; of a sparql, ` +
      'let it bind fewer images.',
  )
}
