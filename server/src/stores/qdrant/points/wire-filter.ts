import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../../errors.ts'
import type { Condition, Filter, Term, WordsCondition } from '../../../records/filter.ts'
import { recordId } from '../../../records/record-id.ts'
import { wholeTerm, wordsKey } from './payload.ts'
import { maxRequestBytes } from './write-batches.ts'

/** What is known of the collection that a filter is for. */
export interface FilteredCollection {
  /** Whether every point's id follows from its URI: it is found by that without an index. */
  readonly isOurs: boolean
  /** Whether every point has its words. */
  readonly hasWords: boolean
}

/** A filter in the form Qdrant takes. */
export function wireFilter(filter: Filter, of: FilteredCollection): Schemas['Filter'] {
  const wire = wireClauses(filter, of)
  if (valuesIn(filter) > maxUncheckedValues) checkSize(wire)
  return wire
}

function wireClauses(filter: Filter, of: FilteredCollection): Schemas['Filter'] {
  const clauses = Object.entries(filter) as [keyof Filter, Condition[] | undefined][]
  return Object.fromEntries(
    clauses.map(([clause, all]) => [clause, all?.map((each) => wireCondition(each, of))]),
  )
}

export function wireCondition(condition: Condition, of: FilteredCollection): Schemas['Condition'] {
  if ('is_empty' in condition || 'range' in condition) return condition
  if ('words' in condition) return wireWords(condition, of)
  if (!('match' in condition)) return wireClauses(condition, of)
  const { key, match } = condition
  // Qdrant's interface has the values of `any` differ from each other.
  const wire = {
    key,
    match: 'any' in match ? { any: [...new Set<string | number>(match.any)] } : match,
  }
  if (!of.isOurs || key !== 'image_uri') return wire
  // URIs that differ by spaces around them share an id.
  return { must: [{ has_id: idsOf(match) }, wire] }
}

function wireWords({ words }: WordsCondition, { hasWords }: FilteredCollection): Schemas['Filter'] {
  // An empty list of alternatives would say nothing.
  if (words.some((phrases) => phrases.length === 0)) return { must: [{ has_id: [] }] }
  const has = (key: string, text: string) => ({ key, match: { text } })
  const term = ({ text, isBeginning }: Term): Schemas['Condition'] => {
    const stands = has(wordsKey, isBeginning ? text : wholeTerm(text))
    if (hasWords) return stands
    // Without an index such a condition looks for the very letters, be it within a word.
    const letters = [text, capitalised(text)].flatMap((each) => [
      has('description', each),
      has('image_uri', each),
    ])
    return { should: [stands, ...letters] }
  }
  return {
    must: words.map((phrases) => ({ should: phrases.map((terms) => ({ must: terms.map(term) })) })),
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
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
    if ('words' in condition) return sum + condition.words.flat(2).length
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
