import { useEffect, useRef, type ReactNode } from 'react'
import './sheet.css'

interface SheetProps {
  label: string
  onClose: () => void
  children: ReactNode
}

/** A modal dialog of the browser: it keeps the focus, Esc closes it, and the focus goes back to where it was. */
export function Sheet({ label, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    return () => opened?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-label={label}
      onClose={onClose}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close()
      }}
    >
      <div className="sheet__content">{children}</div>
    </dialog>
  )
}
