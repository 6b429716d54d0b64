import { useLayoutEffect, useRef, useState } from 'react'

type Functions = Record<string, (...given: never[]) => void>

/** Functions that stay the same for as long as a component lives, so that what is given them need not be drawn again; each calls what it is now. */
export function useStable<F extends Functions>(now: F): F {
  const latest = useRef(now)
  useLayoutEffect(() => {
    latest.current = now
  })
  const [stable] = useState(() => {
    const call =
      (name: string) =>
      (...given: never[]) =>
        latest.current[name]!(...given)
    return Object.fromEntries(Object.keys(now).map((name) => [name, call(name)])) as F
  })
  return stable
}
