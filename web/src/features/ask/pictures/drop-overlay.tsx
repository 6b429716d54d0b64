import { useStrings } from '../../../strings/strings.ts'
import type { Taken } from './use-incoming-pictures.ts'
import './drop-overlay.css'

interface DropOverlayProps {
  taken: Taken
  /** Whether there is something to add to. */
  begun: boolean
}

/** Says that the whole page takes the pictures being dragged, and what becomes of them where. */
export function DropOverlay({ taken, begun }: DropOverlayProps) {
  const t = useStrings().ask
  if (!begun) {
    return (
      <div className="drop-overlay" aria-hidden="true">
        <p className="is-over">{t.dropAnywhere}</p>
      </div>
    )
  }
  return (
    <div className="drop-overlay drop-overlay--places" aria-hidden="true">
      <p className={taken === 'alone' ? 'is-over' : ''}>{t.dropAlone}</p>
      <p className={taken === 'added' ? 'is-over' : ''} data-added="">
        {t.dropAdded}
      </p>
    </div>
  )
}
