import { reservedKeys } from '../../../records/filter.ts'
import type { Json } from '../../../records/record.ts'
import type { IndexType } from '../options.ts'
import type { Payload } from '../points/payload.ts'

/** How often each type of value was seen under a key; `text` is too long to be asked for by its value. */
export type TypeCounts = Map<IndexType | 'text', number>

const maxKeyLength = 256
const maxKeywordLength = 512
const plainName = /^[\p{Alphabetic}\p{N}_-]+$/u

/**
 * The keys by which payloads can be filtered, written as filters write them (`camera.model`,
 * `people[].name`), with the types of their values. A record's own fields are left out: only metadata
 * may have any key.
 */
export function keyTypes(payloads: Payload[]): Map<string, TypeCounts> {
  const found = new Map<string, TypeCounts>()
  for (const payload of payloads) {
    for (const [name, value] of Object.entries(payload)) {
      if (!(reservedKeys as readonly string[]).includes(name)) visit(found, written(name), value)
    }
  }
  return found
}

function visit(found: Map<string, TypeCounts>, key: string | null, value: Json): void {
  if (key === null || key.length > maxKeyLength || value === null) return
  if (Array.isArray(value)) {
    for (const element of value) {
      // Filters look one level into an array; an array inside it is out of their reach.
      if (isObject(element)) visitObject(found, `${key}[]`, element)
      else if (!Array.isArray(element)) visit(found, key, element)
    }
  } else if (isObject(value)) {
    visitObject(found, key, value)
  } else {
    const counts = found.get(key) ?? new Map()
    const type = typeOf(value)
    found.set(key, counts.set(type, (counts.get(type) ?? 0) + 1))
  }
}

function visitObject(found: Map<string, TypeCounts>, key: string, value: Payload): void {
  for (const [name, inner] of Object.entries(value)) {
    const last = written(name)
    visit(found, last === null ? null : `${key}.${last}`, inner)
  }
}

function isObject(value: Json): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Null for a name that no key can hold. */
function written(name: string): string | null {
  if (plainName.test(name)) return name
  return /["\\]/.test(name) ? null : `"${name}"`
}

function typeOf(value: string | number | boolean): IndexType | 'text' {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return value.length > maxKeywordLength ? 'text' : 'keyword'
  // Qdrant's integer index passes over what is no 64-bit integer in the JSON text.
  return Number.isSafeInteger(value) ? 'integer' : 'float'
}

/** The index for a key with these values, and whether some of them are outside it; null for none. */
export function indexFor(counts: TypeCounts): { type: IndexType; mixed: boolean } | null {
  const [best] = [...counts].sort(([, a], [, b]) => b - a)
  if (!best || best[0] === 'text') return null
  const isNumber = best[0] === 'integer' || best[0] === 'float'
  // A float index has the integers too.
  const type = isNumber && counts.has('float') ? 'float' : best[0]
  return { type, mixed: [...counts.keys()].some((other) => !holds(type, other)) }
}

/** Whether an index of one type has the values of another. */
export function holds(index: IndexType, value: IndexType | 'text'): boolean {
  if (index === 'keyword') return value === 'keyword' || value === 'text'
  return index === value || (index === 'float' && value === 'integer')
}
