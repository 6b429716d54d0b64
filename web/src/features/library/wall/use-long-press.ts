import { useEffect, useEffectEvent, type RefObject } from 'react'

/** Longer than a tap, as phones have it. */
const longMs = 450
const stillWithin = 10

/** A finger that stays on a picture; the tap that ends it does nothing more. */
export function useLongPress(
  ref: RefObject<HTMLElement | null>,
  onPress: (target: Element) => void,
): void {
  const press = useEffectEvent(onPress)
  useEffect(() => {
    const surface = ref.current
    if (!surface) return
    const listening = new AbortController()
    const { signal } = listening
    let timer: ReturnType<typeof setTimeout> | undefined
    let at = { x: 0, y: 0 }
    let pressed = false
    const cancel = () => clearTimeout(timer)
    surface.addEventListener(
      'pointerdown',
      (event) => {
        pressed = false
        if (event.pointerType === 'mouse') return
        at = { x: event.clientX, y: event.clientY }
        const target = event.target as Element
        timer = setTimeout(() => {
          pressed = true
          press(target)
        }, longMs)
      },
      { signal },
    )
    surface.addEventListener(
      'pointermove',
      (event) => {
        if (Math.hypot(event.clientX - at.x, event.clientY - at.y) > stillWithin) cancel()
      },
      { signal },
    )
    for (const type of ['pointerup', 'pointercancel'] as const) {
      surface.addEventListener(type, cancel, { signal })
    }
    surface.addEventListener(
      'contextmenu',
      (event) => {
        if (pressed) event.preventDefault()
      },
      { signal },
    )
    surface.addEventListener(
      'click',
      (event) => {
        if (!pressed) return
        pressed = false
        event.preventDefault()
        event.stopPropagation()
      },
      { signal, capture: true },
    )
    return () => {
      cancel()
      listening.abort()
    }
  }, [ref])
}
