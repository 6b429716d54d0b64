import { filterDocument } from '../../../records/filter.ts'
import type { ImageRecord, Json } from '../../../records/record.ts'
import type { KeyPath } from '../../../records/key-path.ts'

/** `present`: what is_empty asks about; the others: a value of that type. */
export type FactKind = 'string' | 'number' | 'boolean' | 'present'

/** One thing that a filter can ask of a record: a value that a key leads to. */
export interface Fact {
  /** See `factKey`. */
  readonly key: string
  readonly kind: FactKind
  readonly value: string | number
}

/** The record's own texts, which are columns already and may be long. */
export const columnKeys = { image_uri: 'image_uri', description: 'description' } as const

/** Of what no filter asks, a fact would be bytes for nothing: whoever asks all the same is answered by the record. */
const withoutFacts = new Set(['lookalike.thumbhash'])

/**
 * Every fact of a record: its filter document taken apart, so that a filter becomes look-ups of facts.
 * Keys with an index, such as `tags[0]`, have none: those are rare, and read from the record itself.
 */
export function factsOf(record: ImageRecord): Fact[] {
  const facts: Fact[] = []
  for (const [name, value] of Object.entries(filterDocument(record))) {
    if (!Object.hasOwn(columnKeys, name)) collect(nameStep(name), value, facts)
  }
  return facts
}

/** The one spelling under which facts of a key are kept; null for a key with an index in it. */
export function factKey(path: KeyPath): string | null {
  let key = ''
  for (const step of path) {
    if (typeof step === 'number') return null
    if (step === null) key += '[]'
    else key += (key && '.') + nameStep(step)
  }
  return withoutFacts.has(key) ? null : key
}

function nameStep(name: string): string {
  return /^[\p{Alphabetic}\p{N}_-]+$/u.test(name) ? name : JSON.stringify(name)
}

function collect(key: string, value: Json, facts: Fact[]): void {
  if (value === null || withoutFacts.has(key)) return
  if (Array.isArray(value)) {
    if (value.length === 0) return
    facts.push({ key, kind: 'present', value: 1 })
    for (const element of value) {
      pushScalar(key, element, facts)
      collect(`${key}[]`, element, facts)
    }
    return
  }
  facts.push({ key, kind: 'present', value: 1 })
  pushScalar(key, value, facts)
  if (typeof value !== 'object') return
  for (const [name, inner] of Object.entries(value)) {
    collect(`${key}.${nameStep(name)}`, inner, facts)
  }
}

function pushScalar(key: string, value: Json, facts: Fact[]): void {
  if (typeof value === 'string') facts.push({ key, kind: 'string', value })
  else if (Number.isFinite(value)) facts.push({ key, kind: 'number', value: value as number })
  else if (typeof value === 'boolean') facts.push({ key, kind: 'boolean', value: Number(value) })
}
