import { lazy, Suspense } from 'react'
import type { Looked } from './looked.ts'
import { useShow } from './use-show.ts'

const Lightbox = lazy(() => import('./lightbox.tsx'))

/** The lightbox, where the address says that a picture is looked at; loaded then. */
export function Show(looked: Looked) {
  const { shown, move, close } = useShow()
  if (shown === '') return null
  return (
    <Suspense>
      <Lightbox {...looked} id={shown} onMove={move} onClose={close} />
    </Suspense>
  )
}
