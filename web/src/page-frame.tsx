import type { Info } from '@lookalike/sdk'
import { plural } from './components/format.ts'
import { Mark } from './components/icon.tsx'
import { ThemeToggle } from './components/theme-toggle.tsx'
import './page-frame.css'

interface PageHeaderProps {
  info: Info | null
  onSignOut: () => void
}

export function PageHeader({ info, onSignOut }: PageHeaderProps) {
  return (
    <header className="page-header">
      <h1 className="wordmark">
        <Mark />
        Lookalike
      </h1>
      {info && info.images !== null && (
        <p className="page-header__count">{plural(info.images, 'picture')}</p>
      )}
      {info?.signed_in && (
        <button type="button" className="button button--quiet" onClick={onSignOut}>
          Sign out
        </button>
      )}
      <ThemeToggle />
    </header>
  )
}

export function PageFooter({ info }: { info: Info | null }) {
  return (
    <footer className="page-footer">
      {info && (
        <>
          <span>Lookalike {info.version}</span>
          <span>Embedder {info.embedder.id}</span>
          <span>Store {info.store}</span>
        </>
      )}
    </footer>
  )
}
