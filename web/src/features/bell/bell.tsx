import { Link, useLocation } from 'wouter'
import { Icon } from '../../components/icon.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { useFollowedNews, useNews } from './news.ts'
import './bell.css'

const most = 99

/** How many new pictures nobody has seen that searches have found; leads to them. */
export function Bell({ isOpen }: { isOpen: boolean }) {
  const { client } = useServer()
  const t = useStrings().searches
  const [path] = useLocation()
  useFollowedNews(client, isOpen)
  const unseen = useNews()?.unseen ?? 0
  const name = t.bell(unseen)
  return (
    <Link
      href="/searches"
      className="button button--icon bell"
      aria-label={name}
      title={name}
      aria-current={path === '/searches' ? 'page' : undefined}
    >
      <Icon name="bell" />
      {unseen > 0 && (
        <span className="bell__count" aria-hidden="true">
          {unseen > most ? `${most}+` : unseen}
        </span>
      )}
    </Link>
  )
}
