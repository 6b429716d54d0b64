import { useEffect, useState } from 'react'
import type { Client, Condition, Facets, Filter } from '@lookalike/sdk'

type Match = Extract<Condition, { match: unknown }>

/** A value of a metadata key that is asked for. */
export interface Chip {
  key: string
  value: string | number | boolean
}

/** The key under which filters know the names of what pictures show. */
const tags = 'lookalike.tags'
const sampled = 60
const keysAtMost = 6
const valuesAtMost = 12

/** The single values that a filter asks for; its other conditions are kept and not shown as such. */
export function chipsOf(filter: Filter | null): Chip[] {
  return (filter?.must ?? []).flatMap((condition) =>
    isChip(condition) ? [{ key: condition.key, value: condition.match.value }] : [],
  )
}

/** The filter with a value more or, where it asks for that already, less; null where nothing is left. */
export function toggled(filter: Filter | null, { key, value }: Chip): Filter | null {
  const must = filter?.must ?? []
  const isThis = (condition: Condition) =>
    isChip(condition) && condition.key === key && condition.match.value === value
  const next: Filter = {
    ...filter,
    must: must.some(isThis)
      ? must.filter((condition) => !isThis(condition))
      : [...must, { key, match: { value } } as Match],
  }
  if (next.must?.length === 0) delete next.must
  return Object.keys(next).length > 0 ? next : null
}

function isChip(
  condition: Condition,
): condition is { key: string; match: { value: string | number | boolean } } {
  return 'match' in condition && 'value' in condition.match
}

/** What a listing can be narrowed by: what its pictures show, and the keys that some of them have. */
export function useFacets(client: Client, filter: Filter | null, wanted: boolean) {
  const [facets, setFacets] = useState<Facets[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const key = JSON.stringify(filter)
  useEffect(() => {
    if (!wanted) return
    const leaving = new AbortController()
    const { signal } = leaving
    setError(null)
    const asked = filterOption(JSON.parse(key) as Filter | null)
    const load = async () => {
      const page = await client.list({ limit: sampled, ...asked, signal })
      const keys = [tags, ...keysOf(page.images.map(({ metadata }) => metadata))]
      return Promise.all(
        keys.map((name) => client.facets(quoted(name), { limit: valuesAtMost, ...asked, signal })),
      )
    }
    load().then(
      (found) => setFacets(found.filter(({ values }) => values.length > 0)),
      (error: unknown) => {
        if (!signal.aborted) setError(error)
      },
    )
    return () => leaving.abort()
  }, [client, key, wanted])
  return { facets, error }
}

export function isTags(key: string): boolean {
  return key === tags
}

function filterOption(filter: Filter | null): { filter?: Filter } {
  return filter ? { filter } : {}
}

/** The keys that most of some records have and whose values are worth choosing between. */
function keysOf(records: readonly Record<string, unknown>[]): string[] {
  const counts = new Map<string, number>()
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) {
      const each = Array.isArray(value) ? (value as unknown[])[0] : value
      if (!['string', 'number', 'boolean'].includes(typeof each)) continue
      // Sentences and measurements are each their own.
      if (typeof each === 'string' && each.length > 60) continue
      if (typeof each === 'number' && !Number.isInteger(each)) continue
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, keysAtMost)
    .map(([key]) => key)
}

/** As filters write it: in quotes where it holds other characters than a name has. */
function quoted(key: string): string {
  return key === tags || /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key)
}
