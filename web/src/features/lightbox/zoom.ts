/** How a picture lies in its pane: magnified about the pane's middle, then moved by CSS pixels. */
export interface Zoom {
  scale: number
  x: number
  y: number
}

export const whole: Zoom = { scale: 1, x: 0, y: 0 }
const most = 12

/** A point, or a size, in CSS pixels; points from the middle of the pane. */
interface Pair {
  x: number
  y: number
}

/** Magnified by a factor while what lies under a point stays there. */
export function zoomed({ scale, x, y }: Zoom, factor: number, at: Pair = { x: 0, y: 0 }): Zoom {
  const next = Math.min(most, Math.max(1, scale * factor))
  const ratio = next / scale
  return { scale: next, x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio }
}

/** Moved back so far that no more of the pane is empty than has to be. */
export function kept({ scale, x, y }: Zoom, picture: Pair, pane: Pair): Zoom {
  const limit = (value: number, size: number, room: number) => {
    const spare = Math.max(0, (size * scale - room) / 2)
    return Math.min(spare, Math.max(-spare, value))
  }
  return { scale, x: limit(x, picture.x, pane.x), y: limit(y, picture.y, pane.y) }
}
