/** Scrolls to an element unless its top is already in the upper half of the window. */
export function bringIntoView(element: Element | null): void {
  if (!element) return
  const { top } = element.getBoundingClientRect()
  if (top >= 0 && top < innerHeight / 2) return
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  element.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' })
}
