import { useCallback, useEffect, useState } from 'react'
import type { Client, SearchMatch } from '@lookalike/sdk'

/** Of what a search has found, so many are shown at first. */
export const pageSize = 24

export interface Matches {
  matches: readonly SearchMatch[]
  /** For the next page; null at the end. */
  next: number | null
  loading: boolean
  error: unknown
}

/**
 * What a search has found, newest first, a page at a time.
 *
 * @param version asked for anew when it changes
 */
export function useMatches(client: Client, id: string, version: string) {
  const [shown, setShown] = useState<Matches>({
    matches: [],
    next: null,
    loading: true,
    error: null,
  })
  const load = useCallback(
    async (cursor: number | null, signal?: AbortSignal) => {
      setShown((before) => ({ ...before, loading: true, error: null }))
      try {
        const page = await client.searches.matches(id, {
          limit: pageSize,
          ...(cursor === null ? {} : { cursor }),
          ...(signal && { signal }),
        })
        setShown((before) => ({
          matches: cursor === null ? page.matches : [...before.matches, ...page.matches],
          next: page.next_cursor,
          loading: false,
          error: null,
        }))
      } catch (error) {
        if (!signal?.aborted) setShown((before) => ({ ...before, loading: false, error }))
      }
    },
    [client, id],
  )
  useEffect(() => {
    const leaving = new AbortController()
    void load(null, leaving.signal)
    return () => leaving.abort()
  }, [load, version])
  return { ...shown, more: () => void load(shown.next), again: () => void load(null) }
}
