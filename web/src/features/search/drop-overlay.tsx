import './drop-overlay.css'

/** Says that the whole page takes the picture being dragged. */
export function DropOverlay() {
  return (
    <div className="drop-overlay" aria-hidden="true">
      <p>Drop it anywhere</p>
    </div>
  )
}
