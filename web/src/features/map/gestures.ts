import type { Point } from './camera.ts'

/** A pointer that moved less, in CSS pixels, was meant to stay where it is. */
const slack = 4

interface Gestures {
  move: (across: number, down: number) => void
  zoom: (factor: number, around: Point) => void
  /** Of a pointer that was put down and taken up in one place. */
  press: (at: Point) => void
  /** Of a mouse over the surface; null once it has left. */
  hover: (at: Point | null) => void
  /** Whether dragging draws a line rather than moves. */
  draws: (event: PointerEvent) => boolean
  /** The line so far; `ended` once it is complete, and an empty one where it was broken off. */
  draw: (line: readonly Point[], ended: boolean) => void
}

/** What fingers, mouse and wheel do on a surface. Returns how to stop listening. */
export function listenToGestures(surface: HTMLElement, gestures: Gestures): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const pointers = new Map<number, Point>()
  let line: Point[] | null = null
  let began: Point | null = null
  let dragged = false

  const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = surface.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const isControl = ({ target }: Event) => (target as Element).closest('button') !== null

  surface.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const pixels = event.deltaY * [1, 33, 400][event.deltaMode]!
      // A pinch on a touchpad comes as a wheel with Ctrl, in far smaller steps.
      const factor = Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0018))
      gestures.zoom(Math.min(4, Math.max(0.25, factor)), pointOf(event))
    },
    { signal, passive: false },
  )
  surface.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || isControl(event)) return
      const at = pointOf(event)
      pointers.set(event.pointerId, at)
      dragged = pointers.size > 1
      began = at
      line = pointers.size === 1 && gestures.draws(event) ? [at] : null
      gestures.hover(null)
    },
    { signal },
  )
  surface.addEventListener(
    'pointermove',
    (event) => {
      const at = pointOf(event)
      const before = pointers.get(event.pointerId)
      if (!before) {
        if (event.pointerType === 'mouse') gestures.hover(isControl(event) ? null : at)
        return
      }
      if (!dragged && began && Math.hypot(at.x - began.x, at.y - began.y) < slack) return
      if (!dragged) surface.setPointerCapture(event.pointerId)
      dragged = true
      const others = [...pointers.entries()].filter(([id]) => id !== event.pointerId)
      pointers.set(event.pointerId, at)
      if (line && others.length === 0) {
        line.push(at)
        gestures.draw(line, false)
        return
      }
      const other = others[0]?.[1]
      if (!other) return gestures.move(at.x - before.x, at.y - before.y)
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }
      const apart = ({ x, y }: Point) => Math.max(1, Math.hypot(x - other.x, y - other.y))
      gestures.move((at.x - before.x) / 2, (at.y - before.y) / 2)
      gestures.zoom(apart(at) / apart(before), middle)
    },
    { signal },
  )
  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return
    if (line) gestures.draw(event.type === 'pointerup' && dragged ? line : [], true)
    else if (event.type === 'pointerup' && !dragged && !isLink(event))
      gestures.press(pointOf(event))
    line = null
  }
  surface.addEventListener('pointerup', up, { signal })
  surface.addEventListener('pointercancel', up, { signal })
  surface.addEventListener('pointerleave', () => gestures.hover(null), { signal })
  // A picture that the map was dragged by is not meant to be opened.
  surface.addEventListener(
    'click',
    (event) => {
      if (!dragged || isControl(event) || event.detail === 0) return
      event.preventDefault()
      event.stopPropagation()
    },
    { signal, capture: true },
  )
  return () => listening.abort()
}

function isLink({ target }: Event): boolean {
  return (target as Element).closest('a') !== null
}
