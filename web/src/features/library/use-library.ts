import { useCallback, useEffect, useState } from 'react'
import type { Client, ImageRecord, Info } from '@lookalike/sdk'

const starterCount = 12

export interface Library {
  loading: boolean
  info: Info | null
  /** Some of its pictures to begin with; null until they are known. */
  starters: ImageRecord[] | null
  /** Why something of it could not be had. */
  error: unknown
}

/** What the server says of itself and a few of its pictures, and a way to ask again. */
export function useLibrary(client: Client): [Library, () => void] {
  const [library, setLibrary] = useState<Library>({
    loading: true,
    info: null,
    starters: null,
    error: null,
  })
  const [asked, setAsked] = useState(0)

  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    setLibrary((library) => ({ ...library, loading: true }))
    // Each of the two is worth showing without the other: limits while the store is down, say.
    void Promise.allSettled([
      client.info({ signal }),
      client.list({ limit: starterCount, signal }),
    ]).then(([info, page]) => {
      if (signal.aborted) return
      const failed = [page, info].find((result) => result.status === 'rejected')
      setLibrary({
        loading: false,
        info: info.status === 'fulfilled' ? info.value : null,
        starters: page.status === 'fulfilled' ? page.value.images : null,
        error: failed?.reason ?? null,
      })
    })
    return () => leaving.abort()
  }, [client, asked])

  const reload = useCallback(() => setAsked((times) => times + 1), [])
  return [library, reload]
}
