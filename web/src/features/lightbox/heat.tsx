import { useEffect, useRef } from 'react'

interface HeatProps {
  /** The picture is divided into `edge` x `edge` places. */
  edge: number
  /** Row by row, 0 to 1. */
  places: readonly number[]
}

/** Drawn over a picture: the warmer a place, the more it adds to the likeness. */
export function Heat({ edge, places }: HeatProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const image = context.createImageData(edge, edge)
    for (const [at, warmth] of places.entries()) image.data.set(colourOf(warmth), 4 * at)
    context.putImageData(image, 0, 0)
  }, [edge, places])
  return <canvas className="heat" ref={canvas} width={edge} height={edge} aria-hidden="true" />
}

/** From a veil of dark blue over orange to yellow, red, green, blue and opacity 0 to 255. */
function colourOf(warmth: number): [number, number, number, number] {
  const at = warmth * (ramp.length - 1)
  const below = Math.min(ramp.length - 2, Math.floor(at))
  const mix = (channel: number) =>
    Math.round(
      ramp[below]![channel]! + (at - below) * (ramp[below + 1]![channel]! - ramp[below]![channel]!),
    )
  return [mix(0), mix(1), mix(2), mix(3)]
}

const ramp = [
  [10, 12, 60, 165],
  [110, 20, 110, 150],
  [235, 90, 30, 150],
  [255, 215, 60, 165],
] as const
