import { useEffect, useMemo, useState } from 'react'
import type { Client, Facets } from '@lookalike/sdk'

/** Of the values of a key; the others share one. More, and one cannot tell them apart. */
const valueColours = 8
/** Index of the palette: behind the colours of the values, which follow on that of a map without any, 0. */
export const otherColour = valueColours + 1

const pageSize = 10_000

export interface Colours {
  /** Those that have a colour, most frequent first. */
  readonly values: Facets['values']
  /** Index of the palette for each picture. */
  readonly of: Uint8Array<ArrayBuffer>
}

/** The colour of each picture by its value of a key; of several values the rarest counts. Null without a key and until it is known. */
export function useColours(
  client: Client,
  ids: readonly string[],
  facets: Facets | undefined,
): { colours: Colours | null; error: unknown } {
  const [found, setFound] = useState<{ for: unknown; ids: unknown; colours: Colours } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const indexOf = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids])
  useEffect(() => {
    setError(null)
    if (!facets || ids.length === 0) return
    const leaving = new AbortController()
    const { signal } = leaving
    const load = async () => {
      const values = facets.values.filter(isMatchable).slice(0, valueColours)
      const of = new Uint8Array(ids.length).fill(otherColour)
      for (const [at, { value }] of values.entries()) {
        const filter = { must: [{ key: facets.key, match: { value } }] }
        let cursor: string | null = null
        do {
          const from: { cursor?: string } = cursor ? { cursor } : {}
          const page = await client.outline({ limit: pageSize, filter, ...from, signal })
          for (const id of page.ids) {
            const index = indexOf.get(id)
            if (index !== undefined) of[index] = at + 1
          }
          cursor = page.next_cursor
        } while (cursor !== null)
      }
      return { values, of }
    }
    load().then(
      (colours) => setFound({ for: facets, ids, colours }),
      (error: unknown) => {
        if (!signal.aborted) setError(error)
      },
    )
    return () => leaving.abort()
  }, [client, ids, indexOf, facets])
  const isOf = facets !== undefined && found?.for === facets && found.ids === ids
  return { colours: isOf ? found.colours : null, error }
}

/** Filters compare texts, truths and whole numbers. */
function isMatchable({ value }: Facets['values'][number]): boolean {
  return typeof value !== 'number' || Number.isInteger(value)
}
