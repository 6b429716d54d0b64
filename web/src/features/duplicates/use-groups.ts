import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client, DuplicateGroup, DuplicateGroupPage } from '@lookalike/sdk'

const pageSize = 40
/** Of one request, where all are wanted. */
const largestPage = 1000

export interface Groups {
  groups: readonly DuplicateGroup[]
  /** Of the whole library; null until the first page is here. */
  totals: Pick<DuplicateGroupPage, 'total_groups' | 'total_duplicates' | 'pending'> | null
  state: 'loading' | 'more' | 'all' | 'failed'
  error: unknown
}

/** The groups of copies, a page at a time. @returns them, a call for more, and one for all */
export function useGroups(client: Client, images: number | null | undefined) {
  const [shown, setShown] = useState<Groups>({
    groups: [],
    totals: null,
    state: 'loading',
    error: null,
  })
  const leaving = useRef<AbortController>(null)
  const cursor = useRef<string | null>(null)

  const load = useCallback(
    async (limit: number, afresh: boolean): Promise<DuplicateGroupPage | null> => {
      leaving.current?.abort()
      const controller = new AbortController()
      leaving.current = controller
      const { signal } = controller
      setShown((before) => ({ ...before, state: 'loading', error: null }))
      try {
        const after = afresh || cursor.current === null ? {} : { cursor: cursor.current }
        const page = await client.duplicates({ limit, ...after, signal })
        cursor.current = page.next_cursor
        setShown(({ groups }) => ({
          groups: afresh ? page.groups : [...groups, ...page.groups],
          totals: page,
          state: page.next_cursor === null ? 'all' : 'more',
          error: null,
        }))
        return page
      } catch (error) {
        if (!signal.aborted) setShown((before) => ({ ...before, state: 'failed', error }))
        return null
      }
    },
    [client],
  )

  // Pictures came or went: other groups may be there now.
  useEffect(() => {
    cursor.current = null
    void load(pageSize, true)
    return () => leaving.current?.abort()
  }, [load, images])

  return {
    ...shown,
    loadMore: useCallback(() => void load(pageSize, false), [load]),
    /** Every group there is; null where that failed, which is shown. */
    loadAll: useCallback(async (): Promise<DuplicateGroup[] | null> => {
      const found: DuplicateGroup[] = []
      cursor.current = null
      do {
        const page = await load(largestPage, found.length === 0)
        if (!page) return null
        found.push(...page.groups)
        // oxlint-disable-next-line no-unmodified-loop-condition -- `load` changes it
      } while (cursor.current !== null)
      return found
    }, [load]),
  }
}
