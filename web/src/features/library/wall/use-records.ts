import { useCallback, useEffect, useState } from 'react'
import type { Client, ImageRecord } from '@lookalike/sdk'

/** After the wall came to rest, in ms. */
const restMs = 200
const atOnce = 3

/** What is known already; the wall asks for many, and few change. */
const known = new Map<string, ImageRecord>()
const most = 5000

/**
 * The records of the pictures in sight, asked for once the wall rests: the wall itself needs their shapes
 * only, but those who do not see them are told what they show.
 */
export function useRecords(client: Client, ids: readonly string[]) {
  const [, draw] = useState(0)
  const key = ids.join()
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    const missing = key === '' ? [] : key.split(',').filter((id) => !known.has(id))
    if (missing.length === 0) return
    const timer = setTimeout(() => {
      const ask = async () => {
        for (let id = missing.shift(); id !== undefined; id = missing.shift()) {
          const record = await client.get(id, { signal })
          known.set(id, record)
          if (known.size > most) known.delete(known.keys().next().value!)
        }
      }
      // Without them the wall is as it was; a list that fails says why.
      void Promise.allSettled(Array.from({ length: atOnce }, ask)).then(() => {
        if (!signal.aborted) draw((times) => times + 1)
      })
    }, restMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [client, key])
  return useCallback((id: string) => known.get(id), [])
}

/** A record has changed or is gone: it is asked for again when it is seen. */
export function forgetRecords(ids: Iterable<string>): void {
  for (const id of ids) known.delete(id)
}
