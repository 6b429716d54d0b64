import { useEffect, useState } from 'react'
import type { Client } from '@lookalike/sdk'
import { outlined, type Outlined } from '../library/pictures.ts'

const pageSize = 10_000

/**
 * Shape and placeholder of every picture, by id, once they are wanted. Null until all are there; empty where they
 * could not be had: pictures are shown without them.
 */
export function useOutlines(client: Client, wanted: boolean): ReadonlyMap<string, Outlined> | null {
  const [outlines, setOutlines] = useState<ReadonlyMap<string, Outlined> | null>(null)
  const asks = wanted && outlines === null
  useEffect(() => {
    if (!asks) return
    const leaving = new AbortController()
    const { signal } = leaving
    const load = async () => {
      const found = new Map<string, Outlined>()
      let cursor: string | null = null
      do {
        const from: { cursor?: string } = cursor ? { cursor } : {}
        const page = await client.outline({ limit: pageSize, ...from, signal })
        for (const outline of outlined(page)) found.set(outline.id, outline)
        cursor = page.next_cursor
      } while (cursor !== null)
      return found
    }
    load().then(setOutlines, () => {
      if (!signal.aborted) setOutlines(new Map())
    })
    return () => leaving.abort()
  }, [client, asks])
  return outlines
}
