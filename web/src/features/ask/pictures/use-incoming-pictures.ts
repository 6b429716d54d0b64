import { useEffect, useEffectEvent, useState } from 'react'
import { isLink } from '../query.ts'

/** What becomes of pictures: they are asked about by themselves, or together with what is asked about already. */
export type Taken = 'alone' | 'added'

interface Takers {
  onFiles: (files: File[], taken: Taken) => void
  /** The address of a picture on another page. */
  onLink: (url: string, taken: Taken) => void
}

/**
 * Takes pictures dropped anywhere on the page or pasted into it: files, and pictures of other pages.
 *
 * @returns what would become of those that are being dragged over the page, if they were dropped now; null: there are none
 */
export function useIncomingPictures({ onFiles, onLink }: Takers): Taken | null {
  const [dragging, setDragging] = useState<Taken | null>(null)
  const receive = useEffectEvent((data: DataTransfer | null, taken: Taken): boolean => {
    if (data?.files.length) onFiles([...data.files], taken)
    else {
      const link = data ? linkIn(data) : null
      if (!link) return false
      onLink(link, taken)
    }
    return true
  })

  useEffect(() => {
    const listening = new AbortController()
    const on = <E extends keyof WindowEventMap>(
      type: E,
      listener: (event: WindowEventMap[E]) => void,
    ) => window.addEventListener(type, listener, { signal: listening.signal })
    // The page's own pictures are dragged out of it, not into it.
    let own = false

    on('dragstart', () => (own = true))
    on('dragend', () => (own = false))
    on('dragover', (event) => {
      if (own || !isPicture(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer!.dropEffect = 'copy'
      setDragging(takenAt(event))
    })
    // Leaving one element for another inside the page is a dragleave too, with a related target.
    on('dragleave', (event) => {
      if (!event.relatedTarget) setDragging(null)
    })
    on('drop', (event) => {
      setDragging(null)
      if (own || !isPicture(event.dataTransfer)) return
      event.preventDefault()
      receive(event.dataTransfer, takenAt(event))
    })
    on('paste', (event) => {
      const inField = event.target instanceof HTMLElement && event.target.matches('input, textarea')
      // Text goes where the caret is; what is no text can only be meant for the search.
      if (inField && !event.clipboardData?.files.length) return
      if (receive(event.clipboardData, 'alone')) event.preventDefault()
    })
    return () => listening.abort()
  }, [])

  return dragging
}

/** `drop-overlay.tsx` has a place for those that are added. */
function takenAt({ target }: DragEvent): Taken {
  return target instanceof Element && target.closest('[data-added]') ? 'added' : 'alone'
}

function isPicture(data: DataTransfer | null): boolean {
  return data !== null && ['Files', 'text/uri-list'].some((type) => data.types.includes(type))
}

/** Of a dragged picture that leads elsewhere, its own address, not that of where it leads. */
function linkIn(data: DataTransfer): string | null {
  const html = new DOMParser().parseFromString(data.getData('text/html'), 'text/html')
  const sources = [
    html.querySelector('img')?.getAttribute('src') ?? '',
    data.getData('text/uri-list').split('\n')[0]!.trim(),
    data.getData('text/plain').trim(),
  ]
  return sources.find(isLink) ?? null
}
