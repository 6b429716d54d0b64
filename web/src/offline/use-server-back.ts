import { useEffect, useEffectEvent } from 'react'
import { base } from '../connect.ts'

const everyMs = 3000

/** While it is `awaited`, looks whether the server answers again, and tells when it does. */
export function useServerBack(awaited: boolean, onBack: () => void): void {
  const back = useEffectEvent(onBack)
  useEffect(() => {
    if (!awaited) return
    const leaving = new AbortController()
    const { signal } = leaving
    const look = () =>
      void fetch(new URL('livez', base), { signal }).then(
        ({ ok }) => {
          if (ok && !signal.aborted) back()
        },
        () => {},
      )
    const timer = setInterval(look, everyMs)
    window.addEventListener('online', look, { signal })
    return () => {
      clearInterval(timer)
      leaving.abort()
    }
  }, [awaited])
}
