import { useSyncExternalStore } from 'react'
import { useStrings } from '../strings/strings.ts'

const silence = { text: '', seen: true }
let said = silence
const listeners = new Set<() => void>()

/**
 * Says something to those who listen to the page, and shows it for a while to those who look at it, unless they
 * see it anyway (`seen` false).
 */
export function announce(text: string, { seen = true } = {}): void {
  const words = { text, seen }
  say(words)
  setTimeout(() => {
    if (said === words) say(silence)
  }, 4000)
}

/** Where `announce` is heard and seen; there once, from the beginning, or screen readers miss the first. */
export function Announcer() {
  const t = useStrings().frame
  const { text, seen } = useSyncExternalStore(subscribe, () => said)
  return (
    <p
      className={seen ? 'announcer' : 'visually-hidden'}
      role="status"
      aria-label={t.announcements}
    >
      {text}
    </p>
  )
}

function say(words: typeof said): void {
  said = words
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
