import { useEffect, useState } from 'react'
import type { Client, Health, HealthCheck } from '@lookalike/sdk'

export type Part = keyof Health['checks']

export interface Notice {
  part: Part
  check: HealthCheck
}

/** Between two looks, in ms; sooner where something was found, for some of it passes by itself. */
const calmMs = 60_000
const alertMs = 15_000

/** What is the matter with the server, and was so the last time already. */
export function useNotices(client: Client): Notice[] {
  const [notices, setNotices] = useState<Notice[]>([])
  useEffect(() => {
    const leaving = new AbortController()
    let before = new Set<string>()
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      let found: Notice[] = []
      if (!document.hidden) {
        try {
          found = noticesOf(await client.health({ signal: leaving.signal }))
        } catch {
          // Whoever asks for something is told so.
        }
      }
      if (leaving.signal.aborted) return
      // The graph is behind for a moment after each change, and an index is being built: only what lasts is news.
      setNotices(found.filter(({ part }) => isNewsAtOnce(part) || before.has(part)))
      before = new Set(found.map(({ part }) => part))
      timer = setTimeout(() => void look(), found.length > 0 ? alertMs : calmMs)
    }
    void look()
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [client])
  return notices
}

function noticesOf({ checks }: Health): Notice[] {
  return (Object.entries(checks) as [Part, HealthCheck | undefined][]).flatMap(([part, check]) =>
    check && check.status !== 'ok' ? [{ part, check }] : [],
  )
}

function isNewsAtOnce(part: Part): boolean {
  return part !== 'graph' && part !== 'store'
}
