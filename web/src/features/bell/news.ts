import { useEffect, useSyncExternalStore } from 'react'
import type { Client, SearchList } from '@lookalike/sdk'

const everyMs = 60_000

let news: SearchList | null = null
const listeners = new Set<() => void>()

/** The searches that stand, and how much of what they found nobody has seen; null until that is known. */
export function useNews(): SearchList | null {
  return useSyncExternalStore(subscribe, () => news)
}

/** Asks for them now; what failed is asked for again later. */
export async function refreshNews(client: Client): Promise<void> {
  const list = await client.searches.list()
  news = list
  for (const listener of listeners) listener()
}

/** Asks now and then, while somebody looks. */
export function useFollowedNews(client: Client, isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return
    const ask = () => {
      if (document.visibilityState === 'visible') void refreshNews(client).catch(() => {})
    }
    ask()
    const timer = setInterval(ask, everyMs)
    document.addEventListener('visibilitychange', ask)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [client, isOpen])
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
