import { useSyncExternalStore } from 'react'
import { useStrings } from '../strings/strings.ts'

let said = ''
const listeners = new Set<() => void>()

/** Says something to those who listen to the page, and shows it for a while to those who look at it. */
export function announce(text: string): void {
  say(text)
  setTimeout(() => {
    if (said === text) say('')
  }, 4000)
}

/** Where `announce` is heard and seen; there once, from the beginning, or screen readers miss the first. */
export function Announcer() {
  const t = useStrings().frame
  const text = useSyncExternalStore(subscribe, () => said)
  return (
    <p className="announcer" role="status" aria-label={t.announcements}>
      {text}
    </p>
  )
}

function say(text: string): void {
  said = text
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
