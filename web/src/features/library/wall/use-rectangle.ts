import { useEffect, useEffectEvent, useRef, type RefObject } from 'react'
import type { Area } from './geometry.ts'

/** Less is the trembling of a hand, in CSS pixels. */
const least = 6
/** Where the window scrolls along, and how fast at most, in CSS pixels and those per frame. */
const edge = 70
const fastest = 24

export interface RectangleOptions {
  /** Where it may be begun. */
  from: RefObject<HTMLElement | null>
  /** What its places are measured from. */
  within: RefObject<HTMLElement | null>
  /** Drawn while it is dragged. */
  frame: RefObject<HTMLElement | null>
  onBegin: (adding: boolean) => void
  onChange: (area: Area) => void
}

/** A rectangle that is dragged with the mouse over the wall; the window scrolls along. */
export function useRectangle({ from, within, frame, onBegin, onChange }: RectangleOptions): void {
  const begin = useEffectEvent(onBegin)
  const change = useEffectEvent(onChange)
  const dragged = useRef(false)

  useEffect(() => {
    const surface = from.current
    if (!surface) return
    const listening = new AbortController()
    const { signal } = listening
    let start: { x: number; y: number; adding: boolean } | null = null
    let pointer = { x: 0, y: 0 }
    let scrolling = 0

    const place = ({ x, y }: { x: number; y: number }) => {
      const { left, top } = within.current!.getBoundingClientRect()
      return { x: x - left, y: y - top }
    }
    const draw = () => {
      const to = place(pointer)
      const area = {
        left: Math.min(start!.x, to.x),
        top: Math.min(start!.y, to.y),
        right: Math.max(start!.x, to.x),
        bottom: Math.max(start!.y, to.y),
      }
      const { style } = frame.current!
      style.display = 'block'
      style.transform = `translate(${area.left}px, ${area.top}px)`
      style.width = `${area.right - area.left}px`
      style.height = `${area.bottom - area.top}px`
      change(area)
    }
    const scroll = () => {
      const below = pointer.y - (innerHeight - edge)
      const above = edge - pointer.y
      const by = Math.min(fastest, Math.max(0, below)) - Math.min(fastest, Math.max(0, above))
      if (by !== 0) {
        scrollBy(0, by)
        draw()
      }
      scrolling = requestAnimationFrame(scroll)
    }
    const end = () => {
      cancelAnimationFrame(scrolling)
      start = null
      if (frame.current) frame.current.style.display = ''
    }

    surface.addEventListener(
      'pointerdown',
      (event) => {
        dragged.current = false
        const target = event.target as Element
        if (event.button !== 0 || event.pointerType !== 'mouse') return
        if (target.closest('button, input, select, label, [popover], dialog')) return
        start = { ...place({ x: event.clientX, y: event.clientY }), adding: event.shiftKey || event.ctrlKey || event.metaKey } // prettier-ignore
      },
      { signal },
    )
    addEventListener(
      'pointermove',
      (event) => {
        if (!start) return
        if (event.buttons === 0) return end()
        pointer = { x: event.clientX, y: event.clientY }
        if (!dragged.current) {
          const { x, y } = place(pointer)
          if (Math.hypot(x - start.x, y - start.y) < least) return
          dragged.current = true
          getSelection()?.removeAllRanges()
          begin(start.adding)
          scrolling = requestAnimationFrame(scroll)
        }
        draw()
      },
      { signal },
    )
    addEventListener('pointerup', end, { signal })
    addEventListener('pointercancel', end, { signal })
    // The end of a drag is no click on what is there.
    surface.addEventListener(
      'click',
      (event) => {
        if (!dragged.current) return
        dragged.current = false
        event.preventDefault()
        event.stopPropagation()
      },
      { signal, capture: true },
    )
    // A link or a picture would be dragged instead, and text selected.
    surface.addEventListener('dragstart', (event) => event.preventDefault(), { signal })
    surface.addEventListener(
      'selectstart',
      (event) => {
        if (start) event.preventDefault()
      },
      { signal },
    )
    return () => {
      end()
      listening.abort()
    }
  }, [from, within, frame])
}
