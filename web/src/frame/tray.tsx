import { lazy, Suspense, useSyncExternalStore } from 'react'
import { useRemovals } from '../features/removals/removals.ts'
import { arePresent, subscribe } from '../features/uploads/present.ts'
import { OfflineNote, useKeptSince } from '../offline/offline-note.tsx'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import './tray.css'

const UploadList = lazy(() => import('../features/uploads/upload-list.tsx'))
const HealthNotes = lazy(() => import('../features/status/health-notes.tsx'))
const RemovalNotes = lazy(() => import('../features/removals/removal-notes.tsx'))

/** What goes on whatever view is open: in the lower corner, and loaded only when there is something. */
export function Tray({ onBack }: { onBack: () => void }) {
  const t = useStrings().frame
  const { library } = useServer()
  const removals = useRemovals()
  const uploads = useSyncExternalStore(subscribe, arePresent)
  const since = useKeptSince()
  const open = library.info !== null
  return (
    <section className="tray" aria-label={t.tray}>
      {since && <OfflineNote since={since} onBack={onBack} />}
      <Suspense>
        {open && <HealthNotes />}
        {uploads && <UploadList />}
        {removals.length > 0 && <RemovalNotes />}
      </Suspense>
    </section>
  )
}
