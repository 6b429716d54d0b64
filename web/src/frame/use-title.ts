import { useEffect } from 'react'

const name = 'Lookalike'

/** Names what a view shows in the window's title; empty: nothing in particular. */
export function useTitle(shown: string): void {
  useEffect(() => {
    document.title = shown ? `${shown} – ${name}` : name
  }, [shown])
}
