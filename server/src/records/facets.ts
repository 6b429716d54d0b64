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
  private readonly path
  private readonly counts = new Map<FacetValue, number>()

  constructor(key: string) {
    this.path = parseKeyPath(key)
  }

  add(document: { [key: string]: Json }): void {
    const values = valuesAt(document, this.path).flat() as Json[]
    for (const value of new Set(values.filter(isFacetValue))) {
      this.counts.set(value, (this.counts.get(value) ?? 0) + 1)
    }
  }

  /** Most frequent first, ties in the order of their text. */
  top(limit: number): FacetCount[] {
    return Array.from(this.counts, ([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (String(a.value) < String(b.value) ? -1 : 1))
      .slice(0, limit)
  }
}

function isFacetValue(value: Json): value is FacetValue {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
