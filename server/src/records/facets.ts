import type { Json } from './record.ts'
import { parseKeyPath, valuesAt } from './key-path.ts'

export interface FacetCount {
  readonly value: string | number | boolean
  readonly count: number
}

type FacetValue = FacetCount['value']

/**
 * Counts how many documents hold each value of a key. Strings, numbers and booleans count, on their
 * own or as elements of an array; a document counts once for a value however often it holds it.
 *
 * Throws `invalid_parameter` for a key that is no key path.
 */
export class FacetCounter {
  readonly #path
  readonly #counts = new Map<FacetValue, number>()

  constructor(key: string) {
    this.#path = parseKeyPath(key)
  }

  add(document: { [key: string]: Json }): void {
    const values = valuesAt(document, this.#path).flat() as Json[]
    for (const value of new Set(values.filter(isFacetValue))) {
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
    }
  }

  /** Most frequent first, ties in the order of their text. */
  top(limit: number): FacetCount[] {
    const top = new TopFacets(limit)
    for (const [value, count] of this.#counts) top.add({ value, count })
    return top.sorted()
  }
}

/** The `limit` most frequent of all that are added, ties in the order of their text. */
export class TopFacets {
  readonly #limit: number
  #kept: FacetCount[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  add(facet: FacetCount): void {
    this.#kept.push(facet)
    // Cut now and then: a key may have a value for each picture.
    if (this.#kept.length > 2 * this.#limit + 1_000) this.#kept = this.sorted()
  }

  sorted(): FacetCount[] {
    return this.#kept
      .sort((a, b) => b.count - a.count || (String(a.value) < String(b.value) ? -1 : 1))
      .slice(0, this.#limit)
  }
}

function isFacetValue(value: Json): value is FacetValue {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
