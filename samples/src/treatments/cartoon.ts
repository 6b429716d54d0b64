import { darken, luma, mix, saturate, type Colour } from '../colour.ts'
import { paint, type Brush } from '../marks.ts'
import { polar, polygon } from '../path.ts'
import type { Palette, Treatment } from '../scene.ts'
import { document, filter, sheet, solidAlpha, stroke } from './svg.ts'

const ink = '#221a3a'

const base: Palette = {
  sky: ['#35b8e8', '#7fd6f2', '#d9f4f2'],
  cloud: '#ffffff',
  light: '#ffd22e',
  far: '#8fd3d8',
  middle: '#5cc389',
  near: '#3fae6b',
  grass: '#8ed14f',
  leaf: '#46b653',
  pine: '#1f8f63',
  trunk: '#a5653b',
  water: '#2aa7dd',
  shimmer: '#c9f3ff',
  sand: '#ffd888',
  rock: '#b5a9bd',
  road: '#7d83a0',
  walls: ['#ff9f80', '#ffe08a', '#8fd6ee'],
  roof: '#ee5a52',
  window: '#d9f6ff',
  flowers: ['#ff5f74', '#ffffff', '#ffcf3d'],
}

const coral: Palette = {
  ...base,
  sky: ['#ff8a5c', '#ffbf8f', '#ffe8cc'],
  far: '#d9a6c8',
  light: '#ffe04a',
}

const mint: Palette = {
  ...base,
  sky: ['#1fb8a0', '#7fe0cc', '#dbfaf0'],
  far: '#7cc7d6',
}

const violet: Palette = {
  ...base,
  sky: ['#8f7cf0', '#bfb2fb', '#eae4ff'],
  far: '#9db4ee',
}

/** Ink first, then colour; `weight` is the width of a contour in page units. */
function inkBrush(weight: number, tone: (colour: Colour) => Colour): Brush {
  const inked = (d: string, colour: Colour, width: number) =>
    `<path d="${d}" fill="${tone(colour)}" stroke="${ink}" stroke-width="${width}" stroke-linejoin="round"/>`
  // White foam and whiskers stay white: inked, they would turn a dirty grey.
  const inkLine = (colour: Colour) => (luma(colour) > 0.78 ? colour : mix(colour, ink, 0.55))
  return {
    outline: (d) => d,
    area: ({ d, colour, fine }) => inked(d, colour, fine ? weight * 0.4 : weight),
    shade: ({ d, colour, opacity }) =>
      `<path d="${d}" fill="${tone(colour)}" fill-opacity="${opacity}"/>`,
    line: ({ d, colour, width }) => stroke(d, inkLine(colour), Math.max(width, weight * 0.6)),
    lamp: ({ d, colour }) => inked(d, colour, weight),
    beam: () => '',
  }
}

/** Printed dots that shrink from the top of the page down, in staggered rows. */
function halftone(colour: Colour): string {
  const rows = Array.from({ length: 26 }, (_, row) => {
    const dots = Array.from({ length: 50 }, (__, column) => {
      const x = column * 13.5 + (row % 2 ? 6.75 : 0)
      return `M${x},${row * 11.5}h0.01`
    })
    const size = (9 * (1 - row / 26)).toFixed(1)
    return `<path d="${dots.join('')}" stroke="${colour}" stroke-width="${size}" stroke-linecap="round"/>`
  })
  return rows.join('')
}

/** A page of a comic: rays, printed dots, strong colours, and the heaviest line round the subject. */
export const cartoon: Treatment = {
  style: 'cartoon outline',
  palettes: [base, coral, mint, violet],
  render(scene, palette, random) {
    const [x, y] = scene.light
    const turn = random.between(0, 20)
    const rays = Array.from({ length: 18 }, (_, index) => {
      const degrees = turn + index * 20
      return polygon([[x, y], polar(x, y, 900, degrees), polar(x, y, 900, degrees + 9)])
    })
    const defs = filter(
      'contour',
      `${solidAlpha}<feMorphology in="solid" operator="dilate" radius="2" result="wide"/>` +
        `<feFlood flood-color="${ink}"/><feComposite in2="wide" operator="in"/>` +
        `<feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge>`,
    )
    const sun =
      `<circle cx="${x}" cy="${y}" r="74" fill="${mix(palette.light, '#ffffff', 0.5)}"/>` +
      `<circle cx="${x}" cy="${y}" r="52" fill="${palette.light}" stroke="${ink}" stroke-width="4"/>`
    const sky =
      sheet(palette.sky[1]) +
      `<path d="${rays.join('')}" fill="${palette.sky[2]}" fill-opacity="0.75"/>` +
      halftone(mix(palette.sky[0], palette.sky[1], 0.2)) +
      sun
    const plain = (colour: Colour) => colour
    const vivid = (colour: Colour) => saturate(colour, 1.25)
    return document(
      defs,
      sky +
        paint(scene.far, inkBrush(2, plain)) +
        paint(scene.middle, inkBrush(2.6, plain)) +
        `<g filter="url(#contour)">${paint(scene.subject, inkBrush(3, vivid))}</g>` +
        paint(
          scene.front,
          inkBrush(3, (colour) => darken(colour, 0.04)),
        ),
    )
  },
}
