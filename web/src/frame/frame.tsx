import type { Info } from '@lookalike/sdk'
import { Link } from 'wouter'
import { Bell } from '../features/bell/bell.tsx'
import { Icon, Mark } from '../components/icon.tsx'
import { useStrings } from '../strings/strings.ts'
import type { View } from '../views.ts'
import { Navigation } from './navigation.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import './frame.css'

interface PageHeaderProps {
  info: Info | null
  views: readonly View[]
  onCommands: () => void
  onSignOut: () => void
}

export function PageHeader({ info, views, onCommands, onSignOut }: PageHeaderProps) {
  const t = useStrings().frame
  return (
    <header className="page-header">
      <h1 className="wordmark">
        <Mark />
        Lookalike
      </h1>
      <Navigation views={views} />
      <div className="page-header__end">
        {info && info.images !== null && (
          <p className="page-header__count">{t.pictures(info.images)}</p>
        )}
        {info?.signed_in && (
          <button type="button" className="button button--quiet" onClick={onSignOut}>
            {t.signOut}
          </button>
        )}
        <Bell isOpen={info !== null} />
        <button
          type="button"
          className="button button--icon"
          aria-label={t.actions.commands}
          title={t.actions.commands}
          onClick={onCommands}
        >
          <Icon name="command" />
        </button>
        <SettingsMenu />
      </div>
    </header>
  )
}

export function PageFooter({ info }: { info: Info | null }) {
  const t = useStrings().frame
  return (
    <footer className="page-footer">
      {info && (
        <>
          <span>Lookalike {info.version}</span>
          <span>{t.embedder(info.embedder.id)}</span>
          <span>{t.store(info.store)}</span>
          <Link href="/status">{t.status}</Link>
        </>
      )}
    </footer>
  )
}
