import { useEffect, useRef } from 'react'
import type { Colour } from './points/point-renderer.ts'
import { otherColour } from './use-colours.ts'

const indices = Array.from({ length: otherColour + 1 }, (_, index) => index)

/** The colours of points as the style sheet has them now; read again when the appearance changes. */
export function Palette({ onColours }: { onColours: (colours: readonly Colour[]) => void }) {
  const swatches = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const read = () =>
      onColours(
        [...swatches.current!.children].map((swatch) => colourOf(getComputedStyle(swatch).color)),
      )
    read()
    const watching = new MutationObserver(read)
    watching.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const listening = new AbortController()
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)']) {
      matchMedia(query).addEventListener('change', read, { signal: listening.signal })
    }
    return () => {
      watching.disconnect()
      listening.abort()
    }
  }, [onColours])
  return (
    <span ref={swatches} hidden>
      {indices.map((index) => (
        <span key={index} className={colourClass(index)} />
      ))}
    </span>
  )
}

export function colourClass(index: number): string {
  return `map-colour-${index}`
}

/** Of a computed colour: `rgb(1, 2, 3)`. */
function colourOf(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number)
  return [red / 255, green / 255, blue / 255]
}
