import { FacetCounter, type FacetCount } from '../../src/records/facets.ts'
import type { Json } from '../../src/records/record.ts'

export function countFacets(
  documents: Iterable<{ [key: string]: Json }>,
  key: string,
  limit: number,
): FacetCount[] {
  const counter = new FacetCounter(key)
  for (const document of documents) counter.add(document)
  return counter.top(limit)
}
