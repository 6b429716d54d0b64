import { useEffect, useEffectEvent } from 'react'
import { LookalikeConnectionError } from '@lookalike/sdk'
import { base } from '../../connect.ts'

const everyMs = 3000

/**
 * Tries again by itself once the server answers, if what went wrong is that it did not.
 *
 * @returns whether that is awaited
 */
export function useReturn(error: unknown, retry: () => void): boolean {
  const waiting = error instanceof LookalikeConnectionError
  const again = useEffectEvent(retry)
  useEffect(() => {
    if (!waiting) return
    const leaving = new AbortController()
    const { signal } = leaving
    const look = () =>
      void fetch(new URL('livez', base), { signal }).then(
        ({ ok }) => {
          if (ok && !signal.aborted) again()
        },
        () => {},
      )
    const timer = setInterval(look, everyMs)
    window.addEventListener('online', look, { signal })
    return () => {
      clearInterval(timer)
      leaving.abort()
    }
  }, [waiting, error])
  return waiting
}
