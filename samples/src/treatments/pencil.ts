import { darken, luma, mix, type Colour } from '../colour.ts'
import { paint, type Brush } from '../marks.ts'
import { page, type Palette, type Treatment } from '../scene.ts'
import { document, filter, sheet, stroke } from './svg.ts'

const paper = '#f8f4ea'
const graphite = '#3c3a40'

const palette: Palette = {
  sky: ['#e8e4da', '#efebe1', '#f8f4ea'],
  cloud: '#f8f4ea',
  light: '#f3d98c',
  far: '#b9c6d0',
  middle: '#a3b8ac',
  near: '#8faa86',
  grass: '#a9c08c',
  leaf: '#7ba06c',
  pine: '#55806c',
  trunk: '#8a6f5c',
  water: '#9dbfd0',
  shimmer: '#f8f4ea',
  sand: '#e6d9bd',
  rock: '#b3b0ae',
  road: '#c6c4c4',
  walls: ['#e0cabd', '#eadfc3', '#c9d4d8'],
  roof: '#b78d80',
  window: '#e6ecec',
  flowers: ['#cf8482', '#e3b3ba', '#b3a6cc'],
}

/**
 * Crayon laid down in slanting strokes: the darker the colour, the closer they lie, and a second
 * set crosses the first in the deepest tones. The patterns made are left in `patterns`.
 */
function hatchBrush(patterns: Map<string, string>, weight: number, strength: number): Brush {
  const hatch = (colour: Colour) => {
    const id = `hatch-${colour.slice(1)}-${weight * 10}`
    const depth = 1 - luma(colour)
    const gap = 5.6 - depth * 2.6
    const crayon = mix(darken(colour, 0.12), paper, 1 - strength)
    const strokes =
      `<path d="M0,${gap / 2}H60M20,${gap * 1.5}H80M0,${gap * 2.5}H44M52,${gap * 2.5}H80" stroke="${crayon}" ` +
      `stroke-width="${(gap * (0.38 + depth * 0.36)).toFixed(2)}" stroke-opacity="0.85"/>`
    const crossed =
      depth > 0.55
        ? `<path d="M10,0V${gap * 3}M34,0V${gap * 3}M58,0V${gap * 3}" stroke="${darken(colour, 0.4)}" stroke-width="1.2" stroke-opacity="0.5"/>`
        : ''
    patterns.set(
      id,
      `<pattern id="${id}" width="80" height="${gap * 3}" patternUnits="userSpaceOnUse" patternTransform="rotate(-52)">${strokes}${crossed}</pattern>`,
    )
    return `url(#${id})`
  }
  const contour = (d: string, width: number) =>
    stroke(d, graphite, width, 'stroke-opacity="0.85"') +
    stroke(d, graphite, width * 0.55, 'stroke-opacity="0.5" transform="translate(1.2 -1)"')
  const crayoned = (d: string, colour: Colour, width = weight) =>
    `<path d="${d}" fill="${mix(paper, colour, 0.4 * strength)}"/><path d="${d}" fill="${hatch(colour)}"/>${contour(d, width)}`
  return {
    area: ({ d, colour, fine }) => crayoned(d, colour, fine ? weight * 0.55 : weight),
    shade: ({ d, colour, opacity }) =>
      `<path d="${d}" fill="${hatch(colour)}" fill-opacity="${opacity}"/>`,
    line: ({ d, colour, width }) =>
      stroke(d, mix(colour, graphite, 0.6), Math.max(1.2, width * 0.7)),
    lamp: ({ d, colour }) => crayoned(d, colour),
    beam: () => '',
  }
}

/** A page of a sketchbook: wavering graphite lines and crayon hatching on toothed paper. */
export const pencil: Treatment = {
  style: 'pencil',
  palette,
  render(scene, random) {
    const [x, y] = scene.light
    const seed = random.whole(1, 900)
    const square = 'x="0" y="0" width="128" height="128"'
    const patterns = new Map<string, string>()
    const distant = paint([...scene.far, ...scene.middle], hatchBrush(patterns, 1.1, 0.85))
    const subject = paint(scene.subject, hatchBrush(patterns, 2, 1))
    const front = paint(scene.front, hatchBrush(patterns, 1.5, 1))
    const defs =
      [...patterns.values()].join('') +
      filter(
        'hand',
        `<feTurbulence type="fractalNoise" baseFrequency="0.022" numOctaves="2" seed="${seed}"/>` +
          `<feDisplacementMap in="SourceGraphic" scale="7" xChannelSelector="R" yChannelSelector="G" result="drawn"/>` +
          `<feTurbulence ${square} type="fractalNoise" baseFrequency="0.55" numOctaves="1" stitchTiles="stitch" seed="${seed + 1}"/>` +
          `<feColorMatrix ${square} type="matrix" values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  0 0 0 -3 2.6"/>` +
          `<feTile result="tooth"/>` +
          `<feComposite in="drawn" in2="tooth" operator="in"/>`,
      )
    const rays = `<circle cx="${x}" cy="${y}" r="44" fill="none" stroke="${graphite}" stroke-width="1.4" stroke-opacity="0.7"/>`
    const skyLines = Array.from({ length: 26 }, (_, index) => {
      const top = 14 + index * (scene.horizon / 26)
      const left = random.between(10, 300)
      return `M${left.toFixed(0)},${top.toFixed(0)}H${random.between(left + 80, page.width - 8).toFixed(0)}`
    }).join('')
    const sky = stroke(skyLines, '#a9bac8', 1.6, 'stroke-opacity="0.5"')
    return document(
      defs,
      sheet(paper) + `<g filter="url(#hand)">${sky}${rays}${distant}${subject}${front}</g>`,
    )
  },
}
