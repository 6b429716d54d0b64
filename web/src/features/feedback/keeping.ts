import { useSyncExternalStore } from 'react'

const storageKey = 'lookalike-keep-judgements'
const listeners = new Set<() => void>()

/** Whether judgements are kept on the server; not until somebody says so, in this browser. */
export function keepsJudgements(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'yes'
  } catch {
    // Storage is blocked: nothing was chosen.
    return false
  }
}

export function useKeepsJudgements(): [boolean, (keep: boolean) => void] {
  const keeps = useSyncExternalStore(subscribe, keepsJudgements)
  return [keeps, setKeeps]
}

function setKeeps(keep: boolean): void {
  try {
    if (keep) localStorage.setItem(storageKey, 'yes')
    else localStorage.removeItem(storageKey)
  } catch {
    // Storage is blocked: nothing is kept.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
