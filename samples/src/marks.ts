import type { Colour } from './colour.ts'
import { hash } from './random.ts'

/** A surface; treatments that draw contours give it one. */
interface Area {
  readonly kind: 'area'
  readonly d: string
  readonly colour: Colour
  /** Too small for a full contour: blades of grass, petals. */
  readonly fine?: boolean
}

/** A shadow, a highlight or a pattern lying on a surface: never given a contour. */
interface Shade {
  readonly kind: 'shade'
  readonly d: string
  readonly colour: Colour
  readonly opacity: number
}

interface Line {
  readonly kind: 'line'
  readonly d: string
  readonly colour: Colour
  readonly width: number
}

/** Something that shines in the dark: `colour` by day, `lit` and a halo of `reach` by night. */
interface Lamp {
  readonly kind: 'lamp'
  readonly d: string
  readonly colour: Colour
  readonly lit: Colour
  readonly halo: { readonly x: number; readonly y: number; readonly reach: number }
}

/** A cone of light, seen only in the dark; brightest at `x, y`, gone `reach` away. */
interface Beam {
  readonly kind: 'beam'
  readonly d: string
  readonly colour: Colour
  readonly x: number
  readonly y: number
  readonly reach: number
}

interface Group {
  readonly kind: 'group'
  readonly marks: readonly Mark[]
  readonly clip?: string
  readonly transform?: string
}

/** What subjects and scenery are made of; a treatment's brush decides how each looks. */
export type Mark = Area | Shade | Line | Lamp | Beam | Group

/** How one treatment puts each kind of mark on the page, as SVG. */
export interface Brush {
  /** Path data as this brush draws it: clips must waver with the outlines they follow. */
  outline(d: string): string
  area(mark: Area): string
  shade(mark: Shade): string
  line(mark: Line): string
  lamp(mark: Lamp): string
  beam(mark: Beam): string
}

export const area = (d: string, colour: Colour): Mark => ({ kind: 'area', d, colour })
export const fine = (d: string, colour: Colour): Mark => ({ kind: 'area', d, colour, fine: true })
export const shade = (d: string, colour: Colour, opacity: number): Mark => ({
  kind: 'shade',
  d,
  colour,
  opacity,
})
export const line = (d: string, colour: Colour, width: number): Mark => ({
  kind: 'line',
  d,
  colour,
  width,
})
export const lamp = (
  d: string,
  colour: Colour,
  lit: Colour,
  halo: { x: number; y: number; reach: number },
): Mark => ({ kind: 'lamp', d, colour, lit, halo })
export const beam = (
  d: string,
  colour: Colour,
  source: { x: number; y: number; reach: number },
): Mark => ({ kind: 'beam', d, colour, ...source })

/** Marks that show only where the shape `clip` is. */
export const within = (clip: string, marks: readonly Mark[]): Mark => ({
  kind: 'group',
  marks,
  clip,
})

/** Where a drawing stands on the page, from its own origin. */
export interface Placement {
  readonly x: number
  readonly y: number
  readonly scale?: number
  /** Degrees, clockwise. */
  readonly turn?: number
  /** Mirrored left to right. */
  readonly flip?: boolean
  /** Height as a share of what `scale` makes it; negative hangs a reflection from the origin. */
  readonly stretch?: number
}

export function place(marks: readonly Mark[], at: Placement): Mark {
  const scale = at.scale ?? 1
  const across = at.flip ? -scale : scale
  const transform = `translate(${at.x} ${at.y}) scale(${across} ${scale * (at.stretch ?? 1)}) rotate(${at.turn ?? 0})`
  return { kind: 'group', marks, transform }
}

/** `marks` and their mirror image across x = 0: eyes, ears, wings. */
export const mirrored = (marks: readonly Mark[]): Mark[] => [
  ...marks,
  place(marks, { x: 0, y: 0, flip: true }),
]

/** The SVG of `marks`, in order, as `brush` puts them down. */
export function paint(marks: readonly Mark[], brush: Brush): string {
  return marks.map((mark) => paintOne(mark, brush)).join('\n')
}

function paintOne(mark: Mark, brush: Brush): string {
  switch (mark.kind) {
    case 'area':
      return brush.area(mark)
    case 'shade':
      return brush.shade(mark)
    case 'line':
      return brush.line(mark)
    case 'lamp':
      return brush.lamp(mark)
    case 'beam':
      return brush.beam(mark)
    case 'group':
      return paintGroup(mark, brush)
  }
}

function paintGroup(group: Group, brush: Brush): string {
  const inside = paint(group.marks, brush)
  const transform = group.transform ? ` transform="${group.transform}"` : ''
  if (!group.clip) return `<g${transform}>${inside}</g>`
  // Named by what it is: the same shape twice is the same clip, so a repeated id does no harm.
  const id = `clip-${hash(group.clip)}`
  const clip = `<clipPath id="${id}"><path d="${brush.outline(group.clip)}"/></clipPath>`
  return `${clip}<g clip-path="url(#${id})"${transform}>${inside}</g>`
}
