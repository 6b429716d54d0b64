import type { Raster } from '../features/raster.ts'

/** What the words of a description are chosen by. */
export interface Measures {
  /** Mean L*, 0 to 100. */
  readonly lightness: number
  /** Standard deviation of L*. */
  readonly contrast: number
  /** Mean distance from grey in the a*b* plane. */
  readonly chroma: number
  /** Mean of (a* + 2 b*) / 3: above 0 towards red and yellow, below 0 towards green and blue. */
  readonly warmth: number
  /** Mean size of the lightness gradient, L* per 160th of an edge. */
  readonly detail: number
  /** Share of all gradient that lies in the middle quarter of the area; 0.25 when evenly spread. */
  readonly centring: number
}

export function measure(raster: Raster): Measures {
  return { ...measureColour(raster), ...measureDetail(raster) }
}

function measureColour({ l, a, b }: Raster) {
  let sum = 0
  let squares = 0
  let chroma = 0
  let warmth = 0
  for (let pixel = 0; pixel < l.length; pixel++) {
    sum += l[pixel]!
    squares += l[pixel]! * l[pixel]!
    chroma += Math.sqrt(a[pixel]! * a[pixel]! + b[pixel]! * b[pixel]!)
    warmth += (a[pixel]! + 2 * b[pixel]!) / 3
  }
  const lightness = sum / l.length
  return {
    lightness,
    contrast: Math.sqrt(Math.max(0, squares / l.length - lightness * lightness)),
    chroma: chroma / l.length,
    warmth: warmth / l.length,
  }
}

function measureDetail({ l, edge }: Raster) {
  const inner = edge / 4
  let total = 0
  let central = 0
  for (let y = 1; y < edge - 1; y++) {
    for (let x = 1; x < edge - 1; x++) {
      const at = y * edge + x
      const dx = (l[at + 1]! - l[at - 1]!) / 2
      const dy = (l[at + edge]! - l[at - edge]!) / 2
      const size = Math.sqrt(dx * dx + dy * dy)
      total += size
      const inside = Math.min(x, y, edge - 1 - x, edge - 1 - y) >= inner
      if (inside) central += size
    }
  }
  return {
    detail: ((edge / 160) * total) / (edge - 2) ** 2,
    centring: total > 0 ? central / total : 0.25,
  }
}
