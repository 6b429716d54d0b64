import { lazy, Suspense } from 'react'
import { useRemovals } from '../features/removals/removals.ts'
import { useStrings } from '../strings/strings.ts'
import './tray.css'

const RemovalNotes = lazy(() => import('../features/removals/removal-notes.tsx'))

/** What goes on whatever view is open: in the lower corner, and loaded only when there is something. */
export function Tray() {
  const t = useStrings().frame
  const removals = useRemovals()
  if (removals.length === 0) return null
  return (
    <section className="tray" aria-label={t.tray}>
      <Suspense>{removals.length > 0 && <RemovalNotes />}</Suspense>
    </section>
  )
}
