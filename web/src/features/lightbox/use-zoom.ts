import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react'
import { kept, whole, zoomed, type Zoom } from './zoom.ts'

/** Of the width of the stage: so far a finger goes to get the next picture. */
const swipe = 0.15
const step = 1.5

/**
 * Wheel, pinch, drag and double click on a stage whose panes (`.pane`) each hold a picture (`.pane__frame`): all of
 * them are magnified alike, so that the same place is seen in each.
 *
 * @param key a new one begins with the whole picture
 */
export function useZoom(
  stage: RefObject<HTMLElement | null>,
  key: string,
  onSwipe: (step: 1 | -1) => void,
) {
  const [of, setOf] = useState({ key, zoom: whole })
  const zoom = of.key === key ? of.zoom : whole
  const fingers = useRef(new Map<number, { x: number; y: number }>())
  const from = useRef({ x: 0, y: 0, moved: false })

  const set = (next: Zoom, pane?: Element | null) => {
    const inside = pane ?? stage.current?.querySelector('.pane')
    const frame = inside?.querySelector<HTMLElement>('.pane__frame')
    const fits =
      inside && frame
        ? kept(
            next,
            { x: frame.offsetWidth, y: frame.offsetHeight },
            { x: inside.clientWidth, y: inside.clientHeight },
          )
        : next
    setOf({ key, zoom: fits })
  }

  const paneAt = (target: EventTarget | null) =>
    (target instanceof Element ? target.closest('.pane') : null) ??
    stage.current?.querySelector('.pane')

  const middle = ({ x, y }: { x: number; y: number }, pane: Element) => {
    const box = pane.getBoundingClientRect()
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 }
  }

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault()
    const pane = paneAt(event.target)
    if (!pane) return
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002))
    set(zoomed(zoom, factor, middle(event, pane)), pane)
  })

  const onDown = useEffectEvent((event: PointerEvent) => {
    if (event.button !== 0 || isControl(event.target)) return
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
    from.current = { x: event.clientX, y: event.clientY, moved: fingers.current.size > 1 }
    stage.current?.setPointerCapture(event.pointerId)
  })

  const onMove = useEffectEvent((event: PointerEvent) => {
    const before = fingers.current.get(event.pointerId)
    const pane = paneAt(document.elementFromPoint(event.clientX, event.clientY))
    if (!before || !pane) return
    const now = { x: event.clientX, y: event.clientY }
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1]
    fingers.current.set(event.pointerId, now)
    if (other) {
      const factor = distance(now, other) / Math.max(1, distance(before, other))
      const between = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
      set(zoomed(zoom, factor, middle(between, pane)), pane)
    } else if (zoom.scale > 1) {
      from.current.moved = true
      set({ ...zoom, x: zoom.x + now.x - before.x, y: zoom.y + now.y - before.y }, pane)
    }
  })

  const onUp = useEffectEvent((event: PointerEvent) => {
    if (!fingers.current.delete(event.pointerId)) return
    const { x, y, moved } = from.current
    const across = event.clientX - x
    const isSwipe =
      event.type === 'pointerup' &&
      !moved &&
      zoom.scale === 1 &&
      Math.abs(across) > 2 * Math.abs(event.clientY - y) &&
      Math.abs(across) > swipe * (stage.current?.clientWidth ?? Infinity)
    if (isSwipe) onSwipe(across < 0 ? 1 : -1)
  })

  const onDoubleClick = useEffectEvent((event: MouseEvent) => {
    const pane = paneAt(event.target)
    if (!pane || isControl(event.target)) return
    set(zoom.scale > 1 ? whole : zoomed(zoom, 3, middle(event, pane)), pane)
  })

  useEffect(() => {
    const on = stage.current
    if (!on) return
    const listening = new AbortController()
    const { signal } = listening
    // React listens to the wheel passively, and the page would scroll.
    on.addEventListener('wheel', (event) => onWheel(event), { signal, passive: false })
    on.addEventListener('pointerdown', (event) => onDown(event), { signal })
    on.addEventListener('pointermove', (event) => onMove(event), { signal })
    for (const type of ['pointerup', 'pointercancel'] as const)
      on.addEventListener(type, (event) => onUp(event), { signal })
    on.addEventListener('dblclick', (event) => onDoubleClick(event), { signal })
    return () => listening.abort()
  }, [stage])

  return {
    zoom,
    closer: () => set(zoomed(zoom, step)),
    farther: () => set(zoomed(zoom, 1 / step)),
    fit: () => set(whole),
    pan: (x: number, y: number) => set({ ...zoom, x: zoom.x + x, y: zoom.y + y }),
  }
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, input, a') !== null
}

function distance(one: { x: number; y: number }, other: { x: number; y: number }): number {
  return Math.hypot(one.x - other.x, one.y - other.y)
}
