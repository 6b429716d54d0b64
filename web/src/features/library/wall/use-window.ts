import { useEffect, useEffectEvent, useLayoutEffect, useState, type RefObject } from 'react'
import { heightOf, rowAt, type Wall } from './geometry.ts'

/** The first and the last row that are drawn. */
export type Span = readonly [first: number, last: number]

/** The rows near the window: those that are seen, and a window's height above and below. */
export function useWindow(
  ref: RefObject<HTMLElement | null>,
  wall: Wall,
  onNearEnd: () => void,
): Span {
  const [span, setSpan] = useState<Span>([0, -1])
  const look = useEffectEvent(() => {
    if (!ref.current || wall.rows.length === 0) return setSpan([0, -1])
    const top = -ref.current.getBoundingClientRect().top
    const first = rowAt(wall, top - innerHeight)
    const last = rowAt(wall, top + 2 * innerHeight)
    setSpan((span) => (span[0] === first && span[1] === last ? span : [first, last]))
    if (top + 4 * innerHeight > heightOf(wall)) onNearEnd()
  })
  useLayoutEffect(() => look(), [wall])
  useEffect(() => {
    const listening = new AbortController()
    const options = { signal: listening.signal, passive: true }
    addEventListener('scroll', () => look(), options)
    addEventListener('resize', () => look(), options)
    return () => listening.abort()
  }, [])
  return span
}
