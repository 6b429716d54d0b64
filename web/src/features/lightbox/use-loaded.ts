import { useEffect, useEffectEvent, useState } from 'react'

export type Loaded<Value> =
  | { state: 'none' | 'loading' }
  | { state: 'known'; value: Value }
  | { state: 'failed'; error: unknown }

/** Before anything is asked for of a picture, in ms: who leafs through does not want it of each. */
const restMs = 200

/**
 * What `load` gives for a key, asked for once the key rests.
 *
 * @param key of what is wanted; null: nothing
 * @returns that, and a way to ask again, which keeps what is known until the new is there
 */
export function useLoaded<Value>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<Value>,
): [Loaded<Value>, () => void] {
  const [loaded, setLoaded] = useState<{ key: string | null; of: Loaded<Value> }>({
    key: null,
    of: { state: 'none' },
  })
  const [asked, setAsked] = useState(0)
  const ask = useEffectEvent(load)
  useEffect(() => {
    if (key === null) return
    const leaving = new AbortController()
    const timer = setTimeout(() => {
      ask(leaving.signal).then(
        (value) => {
          if (!leaving.signal.aborted) setLoaded({ key, of: { state: 'known', value } })
        },
        (error: unknown) => {
          if (!leaving.signal.aborted) setLoaded({ key, of: { state: 'failed', error } })
        },
      )
    }, restMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [key, asked])
  const current: Loaded<Value> =
    key === null ? { state: 'none' } : loaded.key === key ? loaded.of : { state: 'loading' }
  return [current, () => setAsked((times) => times + 1)]
}

export function valueOf<Value>(loaded: Loaded<Value>): Value | null {
  return loaded.state === 'known' ? loaded.value : null
}
