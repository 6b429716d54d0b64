import { useSyncExternalStore } from 'react'
import { Icon } from '../components/icon.tsx'
import { useStrings } from '../strings/strings.ts'
import { keptSince, setSince, subscribe } from './kept-answers.ts'
import { useServerBack } from './use-server-back.ts'
import './offline-note.css'

export function useKeptSince(): Date | null {
  return useSyncExternalStore(subscribe, keptSince)
}

/** Says that what is shown was kept, and tells when the server is there again. */
export function OfflineNote({ since, onBack }: { since: Date; onBack: () => void }) {
  const { frame: t, format } = useStrings()
  useServerBack(true, () => {
    setSince(null)
    onBack()
  })
  return (
    <div className="note offline-note">
      <Icon name="unavailable" />
      <p role="status">{t.offline(format.moment(since))}</p>
    </div>
  )
}
