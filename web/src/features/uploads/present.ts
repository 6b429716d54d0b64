const key = 'lookalike-uploads'
const listeners = new Set<() => void>()
let here = false

/** Whether pictures are on their way, or were when the page was left: only then the rest of this room is loaded. */
export function arePresent(): boolean {
  if (here) return true
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return false
  }
}

export function setPresent(present: boolean): void {
  here = present
  try {
    if (present) localStorage.setItem(key, '1')
    else localStorage.removeItem(key)
  } catch {
    // Storage is blocked: then nothing outlives the page anyway.
  }
  for (const listener of listeners) listener()
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
