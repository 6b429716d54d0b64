import { darken, luma, mix, type Colour } from '../colour.ts'
import { area, paint, type Brush } from '../marks.ts'
import { circle, polar, polyline } from '../path.ts'
import { page, type Palette, type Treatment } from '../scene.ts'
import { document, filter, sheet, stroke } from './svg.ts'
import { waver } from './waver.ts'

const paper = '#f8f4ea'
const graphite = '#3c3a40'

const base: Palette = {
  sky: ['#a9bfd0', '#c9d6df', paper],
  cloud: '#f8f4ea',
  light: '#f3cf6c',
  far: '#b4c3d0',
  middle: '#9cb6a8',
  near: '#88a87e',
  grass: '#a3bf84',
  leaf: '#75a066',
  pine: '#4f7f6a',
  trunk: '#8a6f5c',
  water: '#96bdd2',
  shimmer: '#f8f4ea',
  sand: '#e3cfa0',
  rock: '#aaa6a6',
  road: '#b3b1b6',
  walls: ['#deb9a6', '#e8d5a6', '#b9cdd6'],
  roof: '#b9796a',
  window: '#e6ecec',
  flowers: ['#d3706e', '#e3a3b0', '#a08fc6'],
}

const rosy: Palette = { ...base, sky: ['#dbb0a0', '#e9cdbf', paper], far: '#c6b6c6' }

/** How hard the pencil and the crayon are pressed. */
interface Hand {
  /** Width of a contour in page units. */
  readonly weight: number
  /** Share of the crayon's full colour. */
  readonly strength: number
  readonly waver: number
}

/**
 * Crayon laid down in slanting strokes over a faint rub of the same colour: the darker the colour,
 * the closer they lie, and a second set crosses the first in the deepest tones.
 */
function hatching(id: string, colour: Colour, strength: number, rub: boolean): string {
  const depth = 1 - luma(colour)
  const gap = Number((5.6 - depth * 2.6).toFixed(2))
  const crayon = mix(darken(colour, 0.12), paper, 1 - strength)
  const row = (at: number, from: number, to: number) =>
    `M${from},${at}Q${(from + to) / 2},${at - 1.2} ${to},${at + 0.4}`
  const strokes =
    row(gap * 0.5, 2, 62) + row(gap * 1.5, 22, 88) + row(gap * 2.5, -4, 40) + row(gap * 2.5, 50, 92)
  const width = (gap * (0.4 + depth * 0.36)).toFixed(2)
  const crossing = `M10,0V${gap * 3}M36,0V${gap * 3}M66,0V${gap * 3}`
  return (
    `<pattern id="${id}" width="92" height="${gap * 3}" patternUnits="userSpaceOnUse" patternTransform="rotate(-52)">` +
    (rub
      ? `<rect width="92" height="${gap * 3}" fill="${mix(paper, colour, 0.42 * strength)}"/>`
      : '') +
    `<path d="${strokes}" fill="none" stroke="${crayon}" stroke-width="${width}" stroke-opacity="0.85"/>` +
    (depth > 0.55 ? stroke(crossing, darken(colour, 0.4), 1.2, 'stroke-opacity="0.5"') : '') +
    `</pattern>`
  )
}

/** Draws with one hand; the patterns that its fills name are left in `patterns`. */
function crayonBrush(
  patterns: Map<string, string>,
  { weight, strength, waver: amount }: Hand,
): Brush {
  const fill = (colour: Colour, rub: boolean) => {
    const id = `hatch-${colour.slice(1)}-${weight * 10}${rub ? '-rub' : ''}`
    if (!patterns.has(id)) patterns.set(id, hatching(id, colour, strength, rub))
    return `fill="url(#${id})"`
  }
  const outline = (d: string) => waver(d, amount, 0)
  const crayoned = (d: string, colour: Colour, width = weight) =>
    `<path d="${outline(d)}" ${fill(colour, true)} stroke="${graphite}" stroke-width="${width}" ` +
    `stroke-opacity="0.85" stroke-linejoin="round"/>` +
    stroke(waver(d, amount, 1.3), graphite, width * 0.5, 'stroke-opacity="0.55"')
  return {
    outline,
    area: ({ d, colour, fine }) => crayoned(d, colour, fine ? weight * 0.55 : weight),
    shade: ({ d, colour, opacity }) =>
      `<path d="${outline(d)}" ${fill(colour, opacity > 0.6)} fill-opacity="${opacity}"/>`,
    line: ({ d, colour, width }) =>
      stroke(outline(d), mix(colour, graphite, 0.6), Math.max(1.2, width * 0.7)),
    lamp: ({ d, colour }) => crayoned(d, colour),
    beam: () => '',
  }
}

/** A page of a sketchbook: wavering graphite lines and crayon hatching on toothed paper. */
export const pencil: Treatment = {
  style: 'pencil',
  palettes: [base, rosy],
  render(scene, palette, random) {
    const [x, y] = scene.light
    const patterns = new Map<string, string>()
    const distance = crayonBrush(patterns, { weight: 1.1, strength: 0.85, waver: 1.1 })
    const sun = paint([area(circle(x, y, 40), palette.light)], distance)
    const rays = Array.from({ length: 14 }, (_, index) =>
      polyline([polar(x, y, 52, index * 25.7), polar(x, y, random.between(64, 80), index * 25.7)]),
    )
    const air = Array.from({ length: 26 }, (_, index) => {
      const top = 14 + index * (scene.horizon / 26)
      const left = random.between(10, 300)
      return polyline([
        [left, top],
        [random.between(left + 80, page.width - 8), top],
      ])
    })
    const drawing =
      stroke(waver(air.join(''), 1.6, 0.4), palette.sky[0], 1.8, 'stroke-opacity="0.5"') +
      stroke(waver(rays.join(''), 1, 0), '#c9a24a', 1.8, 'stroke-opacity="0.7"') +
      sun +
      paint([...scene.far, ...scene.middle], distance) +
      paint(scene.subject, crayonBrush(patterns, { weight: 2, strength: 1, waver: 1.2 })) +
      paint(scene.front, crayonBrush(patterns, { weight: 1.5, strength: 1, waver: 1.2 }))
    return document(
      [...patterns.values()].join('') + tooth(random.whole(1, 900)),
      `${sheet(paper)}<g filter="url(#tooth)">${drawing}</g>`,
    )
  },
}

/** Paper that takes the crayon on its bumps and not in its hollows: one square, laid as tiles. */
function tooth(seed: number): string {
  const square = 'x="0" y="0" width="160" height="160"'
  return filter(
    'tooth',
    `<feTurbulence ${square} type="fractalNoise" baseFrequency="0.55" numOctaves="1" stitchTiles="stitch" seed="${seed}"/>` +
      `<feColorMatrix ${square} type="matrix" values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  0 0 0 -3 2.6"/>` +
      `<feTile result="grain"/><feComposite in="SourceGraphic" in2="grain" operator="in"/>`,
  )
}
