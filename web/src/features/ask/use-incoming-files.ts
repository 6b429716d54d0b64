import { useEffect, useEffectEvent, useState } from 'react'

/**
 * Takes files dropped anywhere on the page or pasted into it.
 *
 * @returns whether files are being dragged over the page
 */
export function useIncomingFiles(onFiles: (files: File[]) => void): boolean {
  const [dragging, setDragging] = useState(false)
  const receive = useEffectEvent((files: FileList | undefined) => {
    if (files?.length) onFiles([...files])
  })

  useEffect(() => {
    const listening = new AbortController()
    const on = <E extends keyof WindowEventMap>(
      type: E,
      listener: (event: WindowEventMap[E]) => void,
    ) => window.addEventListener(type, listener, { signal: listening.signal })

    on('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setDragging(true)
    })
    // Leaving one element for another inside the page is a dragleave too, with a related target.
    on('dragleave', (event) => {
      if (!event.relatedTarget) setDragging(false)
    })
    on('drop', (event) => {
      setDragging(false)
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      receive(event.dataTransfer.files)
    })
    on('paste', (event) => receive(event.clipboardData?.files))
    return () => listening.abort()
  }, [])

  return dragging
}
