import { useEffect, useLayoutEffect, useRef } from 'react'
import { heightOf, type Wall } from './geometry.ts'

/** Scrolls to a depth once the wall is so high, and says how deep it is from then on. */
export function useDepth(wall: Wall, depth: number, onDepth: (depth: number) => void): void {
  const wanted = useRef(depth)
  const height = heightOf(wall)
  useLayoutEffect(() => {
    if (wanted.current === 0 || height < wanted.current) return
    const top = wanted.current
    wanted.current = 0
    scrollTo(0, top)
    // A smooth scroll of the view before may have a step left.
    const frame = requestAnimationFrame(() => scrollTo(0, top))
    return () => cancelAnimationFrame(frame)
  }, [height])
  useEffect(() => {
    const listening = new AbortController()
    const { pathname } = location
    addEventListener(
      'scroll',
      () => {
        // While another view is on its way, the window scrolls by itself.
        if (wanted.current === 0 && location.pathname === pathname) onDepth(scrollY)
      },
      { signal: listening.signal, passive: true },
    )
    return () => listening.abort()
  }, [onDepth])
}
