import { useStrings } from '../../strings/strings.ts'
import './drop-overlay.css'

/** Says that the whole page takes the picture being dragged. */
export function DropOverlay() {
  return (
    <div className="drop-overlay" aria-hidden="true">
      <p>{useStrings().ask.dropAnywhere}</p>
    </div>
  )
}
