import { Link, useLocation } from 'wouter'
import { Icon } from '../components/icon.tsx'
import { useStrings } from '../strings/strings.ts'
import type { View } from '../views.ts'
import './navigation.css'

/** The views that have something to show: beside the wordmark on a desk, along the lower edge on a phone. */
export function Navigation({ views: all }: { views: readonly View[] }) {
  const t = useStrings().frame
  const [path] = useLocation()
  const views = all.filter(({ aside }) => !aside)
  if (views.length < 2) return null
  return (
    <nav className="navigation" aria-label={t.navigation}>
      <ul role="list">
        {views.map(({ name, path: to, icon }) => (
          <li key={name}>
            <Link href={to} aria-current={to === path ? 'page' : undefined}>
              <Icon name={icon} />
              {t.views[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
