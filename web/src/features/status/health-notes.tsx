import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Icon } from '../../components/icon.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { useNotices, type Notice } from './use-health.ts'
import './health-notes.css'

const storageKey = 'lookalike-notices'

/** What is the matter with the server, said once in a window. */
export default function HealthNotes() {
  const { status: t, frame } = useStrings()
  const { client } = useServer()
  const [path] = useLocation()
  const notices = useNotices(client)
  const [read, setRead] = useState(readNotices)
  const news = notices.filter((notice) => !read.has(keyOf(notice)))
  // There it is said at length.
  if (news.length === 0 || path === '/status') return null
  return (
    <div className="note health-note" role="status">
      <p>
        {news.map(({ part }) => t.notices[part]).join(' ')} <Link href="/status">{t.more}</Link>
      </p>
      <button
        type="button"
        className="button button--icon"
        aria-label={frame.close}
        onClick={() => {
          const next = new Set([...read, ...news.map(keyOf)])
          setRead(next)
          try {
            sessionStorage.setItem(storageKey, JSON.stringify([...next]))
          } catch {
            // Storage is blocked: it is said again after a reload.
          }
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}

function keyOf({ part, check }: Notice): string {
  return `${part} ${check.status}`
}

function readNotices(): ReadonlySet<string> {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(storageKey) ?? '[]') as string[])
  } catch {
    return new Set()
  }
}
