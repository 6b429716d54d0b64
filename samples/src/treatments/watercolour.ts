import { darken, mix, saturate, type Colour } from '../colour.ts'
import { paint, type Brush } from '../marks.ts'
import { blob, circle, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import { page, type Palette, type Treatment } from '../scene.ts'
import { document, filter, linearGradient, sheet, stroke } from './svg.ts'
import { waver } from './waver.ts'

const paper = '#fbf6ea'

const base: Palette = {
  sky: ['#8fb9dc', '#bcd6e6', '#f4dfc6'],
  cloud: '#fdf9ef',
  light: '#f7cf7c',
  far: '#a9bcd6',
  middle: '#93b8a8',
  near: '#86a86a',
  grass: '#a9bd6c',
  leaf: '#74995a',
  pine: '#4f7d69',
  trunk: '#8d6a55',
  water: '#7fb0c9',
  shimmer: '#e9f3f2',
  sand: '#e9cd9c',
  rock: '#a49a9f',
  road: '#a6a3ae',
  walls: ['#e2ab94', '#ecd7a6', '#a8c1cc'],
  roof: '#bd6f5e',
  window: '#d5e4ea',
  flowers: ['#d9606a', '#e9a3b4', '#8f7fc0'],
}

const dawn: Palette = {
  ...base,
  sky: ['#c3a6cc', '#e6c4cd', '#f9dfc2'],
  far: '#b7a9c9',
  water: '#9fabc9',
}

const spring: Palette = {
  ...base,
  sky: ['#93c9c4', '#cbe5da', '#f7ebcf'],
  far: '#a3c4c6',
  water: '#7cb8b8',
}

/**
 * Thin paint laid twice: the second glaze misses the first by a little, and the edge dries darker, as
 * pigment is carried outwards.
 */
function washBrush(tone: (colour: Colour) => Colour): Brush {
  const outline = (d: string) => waver(d, 1.9, 0.8)
  const wash = (d: string, colour: Colour) => {
    const first = outline(d)
    return (
      `<path d="${first}" fill="${mix(tone(colour), paper, 0.1)}" fill-opacity="0.92"/>` +
      `<path d="${waver(d, 2.8, 2.6)}" fill="${tone(colour)}" fill-opacity="0.5"/>` +
      stroke(first, darken(tone(colour), 0.3), 1.4, 'stroke-opacity="0.45"')
    )
  }
  return {
    outline,
    area: ({ d, colour }) => wash(d, colour),
    shade: ({ d, colour, opacity }) =>
      `<path d="${outline(d)}" fill="${tone(colour)}" fill-opacity="${Math.min(1, opacity * 1.15)}"/>`,
    line: ({ d, colour, width }) => stroke(outline(d), tone(colour), width, 'stroke-opacity="0.8"'),
    lamp: ({ d, colour }) => wash(d, colour),
    beam: () => '',
  }
}

/** Pigment that settles unevenly: pale blooms where water pushed it away, darker pools between. */
const wet = (seed: number) =>
  filter(
    'wet',
    `<feTurbulence type="fractalNoise" baseFrequency="0.022" numOctaves="3" seed="${seed}" result="grain"/>` +
      `<feColorMatrix in="grain" type="matrix" values="0 0 0 0 0.99  0 0 0 0 0.97  0 0 0 0 0.92  0 0 1.3 0 -0.6" result="bloom"/>` +
      `<feColorMatrix in="grain" type="matrix" values="0 0 0 0 0.2  0 0 0 0 0.24  0 0 0 0 0.42  0 -0.7 0 0 0.27" result="pool"/>` +
      `<feMerge><feMergeNode in="SourceGraphic"/><feMergeNode in="pool"/><feMergeNode in="bloom"/></feMerge>`,
  )

/** The tooth of rough paper under a low lamp: one square, laid out as tiles. */
const tooth = (seed: number) => {
  const square = `x="0" y="0" width="256" height="256"`
  return filter(
    'paper',
    `<feTurbulence ${square} type="fractalNoise" baseFrequency="0.22" numOctaves="3" stitchTiles="stitch" seed="${seed}"/>` +
      `<feDiffuseLighting ${square} surfaceScale="0.42" diffuseConstant="1.1" lighting-color="#ffffff">` +
      `<feDistantLight azimuth="225" elevation="65"/></feDiffuseLighting><feTile/>`,
  )
}

/** The painted part of the sheet: the brush stops short of the paper's edge, unevenly. */
function painted(random: Random): string {
  const corners: Point[] = [
    [18, 18],
    [page.width - 18, 18],
    [page.width - 18, page.height - 18],
    [18, page.height - 18],
  ]
  const edge = corners.flatMap(([x, y], index) => {
    const [toX, toY] = corners[(index + 1) % 4]!
    return Array.from({ length: 36 }, (_, step): Point => {
      const [px, py] = [x + ((toX - x) * step) / 36, y + ((toY - y) * step) / 36]
      const drift = Math.sin(step * 0.7 + index * 2) * 4
      return [px + drift + random.between(-4, 4), py + drift + random.between(-4, 4)]
    })
  })
  return blob(edge)
}

function splashes(random: Random, colours: readonly Colour[]): string {
  return Array.from({ length: 14 }, () => {
    const spot = circle(random.between(10, 630), random.between(10, 470), random.between(1, 4))
    return `<path d="${spot}" fill="${random.pick(colours)}" fill-opacity="0.5"/>`
  }).join('')
}

/** Transparent washes on rough paper, with a ragged border and a few splashes. */
export const watercolour: Treatment = {
  style: 'watercolour',
  palettes: [base, dawn, spring],
  render(scene, palette, random) {
    const [x, y] = scene.light
    const seed = random.whole(1, 900)
    const defs =
      linearGradient(
        'sky',
        [
          [0, palette.sky[0]],
          [0.55, palette.sky[1]],
          [1, palette.sky[2]],
        ],
        scene.horizon,
      ) +
      wet(seed) +
      tooth(seed + 1) +
      `<clipPath id="painted"><path d="${painted(random)}"/></clipPath>`
    const soft = (colour: Colour) => mix(saturate(colour, 1.15), '#f3e3cd', 0.1)
    const sky =
      sheet('url(#sky)') +
      `<path d="${waver(circle(x, y, 74), 3, 0)}" fill="${paper}" fill-opacity="0.55"/>` +
      `<path d="${waver(circle(x, y, 42), 2.4, 1)}" fill="${palette.light}" fill-opacity="0.9"/>`
    const asIs = washBrush((colour) => colour)
    const body =
      sky +
      paint([...scene.far, ...scene.middle], asIs) +
      paint(scene.subject, washBrush(soft)) +
      paint(scene.front, asIs)
    return document(
      defs,
      sheet(paper) +
        `<g clip-path="url(#painted)"><g filter="url(#wet)">${body}</g></g>` +
        splashes(random, [palette.water, palette.leaf, palette.flowers[0], palette.sky[0]]) +
        sheet('#ffffff', 'filter="url(#paper)" style="mix-blend-mode:multiply"'),
    )
  },
}
