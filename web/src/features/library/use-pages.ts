import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client, ListedImage } from '@lookalike/sdk'

const pageSize = 120

export interface Pages {
  images: ListedImage[]
  state: 'loading' | 'more' | 'all' | 'failed'
  error: unknown
}

/** The pictures of the library, a page at a time, in the store's order. @returns them, and a call for more */
export function usePages(client: Client): [Pages, () => void] {
  const [pages, setPages] = useState<Pages>({ images: [], state: 'loading', error: null })
  const cursor = useRef<string | null>(null)
  const leaving = useRef<AbortController>(null)

  const load = useCallback(async () => {
    if (leaving.current) return
    const controller = new AbortController()
    leaving.current = controller
    const { signal } = controller
    setPages((pages) => ({ ...pages, state: 'loading', error: null }))
    try {
      const after = cursor.current === null ? {} : { cursor: cursor.current }
      const page = await client.list({ limit: pageSize, ...after, signal })
      cursor.current = page.next_cursor
      setPages(({ images }) => ({
        images: [...images, ...page.images],
        state: page.next_cursor === null ? 'all' : 'more',
        error: null,
      }))
    } catch (error) {
      if (!signal.aborted) setPages((pages) => ({ ...pages, state: 'failed', error }))
    } finally {
      if (leaving.current === controller) leaving.current = null
    }
  }, [client])

  useEffect(() => {
    void load()
    return () => {
      leaving.current?.abort()
      leaving.current = null
    }
  }, [load])

  return [pages, useCallback(() => void load(), [load])]
}
