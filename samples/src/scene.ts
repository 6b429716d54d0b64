import type { Colour } from './colour.ts'
import type { Mark } from './marks.ts'
import type { Point } from './path.ts'
import type { Random } from './random.ts'

export const page = { width: 640, height: 480 } as const

export const styles = [
  'flat',
  'watercolour',
  'cartoon outline',
  'sunset',
  'night',
  'pencil',
] as const
export type Style = (typeof styles)[number]

/** The colours that a treatment gives to the world around the subject. */
export interface Palette {
  /** From the top of the page to the horizon. */
  readonly sky: readonly [Colour, Colour, Colour]
  readonly cloud: Colour
  /** The sun or the moon. */
  readonly light: Colour
  /** Land by distance: blue and pale far off, rich close by. */
  readonly far: Colour
  readonly middle: Colour
  readonly near: Colour
  readonly grass: Colour
  readonly leaf: Colour
  readonly pine: Colour
  readonly trunk: Colour
  readonly water: Colour
  readonly shimmer: Colour
  readonly sand: Colour
  readonly rock: Colour
  readonly road: Colour
  readonly walls: readonly [Colour, Colour, Colour]
  readonly roof: Colour
  readonly window: Colour
  readonly flowers: readonly [Colour, Colour, Colour]
}

/** One picture, before any treatment has touched it; each layer hides the ones before it. */
export interface Scene {
  /** Page units from the top. */
  readonly horizon: number
  /** Where the sun or the moon stands on an ordinary day; low treatments take its x alone. */
  readonly light: Point
  readonly far: readonly Mark[]
  readonly middle: readonly Mark[]
  readonly subject: readonly Mark[]
  readonly front: readonly Mark[]
}

/** What a subject is given to compose a scene from. */
export interface Stage {
  readonly random: Random
  readonly palette: Palette
  readonly style: Style
}

export interface Treatment {
  readonly style: Style
  /** The moods of sky and land that its pictures take in turn. */
  readonly palettes: readonly Palette[]
  /** The finished SVG document of a scene composed in `palette`. */
  render(scene: Scene, palette: Palette, random: Random): string
}

export interface Subject {
  readonly name: string
  readonly category: 'animal' | 'vehicle' | 'building' | 'plant' | 'object'
  /** One sentence for the picture of each style. */
  readonly descriptions: Record<Style, string>
  compose(stage: Stage): Scene
}
