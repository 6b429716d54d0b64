import type { ReactNode } from 'react'
import { useStrings } from '../../strings/strings.ts'

interface EmptyLibraryProps {
  onReload: () => void
  /** What can be done about it here. */
  children?: ReactNode
}

/** How the first pictures get in, said where they would be. */
export function EmptyLibrary({ onReload, children }: EmptyLibraryProps) {
  const t = useStrings().library.empty
  return (
    <section className="empty-library">
      <h3>{t.title}</h3>
      <p>{t.why}</p>
      {children && <div className="empty-library__add">{children}</div>}
      <p>{t.terminal}</p>
      <pre tabIndex={0} aria-label={t.command}>
        <code>lookalike import ~/Pictures --url {new URL('.', location.href).href}</code>
      </pre>
      <p>
        {t.demoBefore}
        <code>npm run demo</code>
        {t.demoAfter}
      </p>
      <button type="button" className="button" onClick={onReload}>
        {t.again}
      </button>
    </section>
  )
}
