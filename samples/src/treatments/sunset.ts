import { mix, underLight, type Colour } from '../colour.ts'
import { paint } from '../marks.ts'
import { ellipse } from '../path.ts'
import type { Random } from '../random.ts'
import { type Palette, type Treatment } from '../scene.ts'
import { document, linearGradient, litBrush, radialGradient, rimLight, sheet } from './svg.ts'

const base: Palette = {
  sky: ['#4b2f6b', '#e2637a', '#ffc36b'],
  cloud: '#f79a83',
  light: '#fff0b8',
  far: '#c4677f',
  middle: '#8a4573',
  near: '#5f3263',
  grass: '#5a3157',
  leaf: '#4d2b57',
  pine: '#3a224c',
  trunk: '#3a2140',
  water: '#b8567c',
  shimmer: '#ffb58a',
  sand: '#b6615f',
  rock: '#6b3f66',
  road: '#5c3a62',
  walls: ['#a9536b', '#b86a6a', '#7d4a78'],
  roof: '#5a2c56',
  window: '#ffd489',
  flowers: ['#ff7d6e', '#ffc58a', '#d9679a'],
}

const amber: Palette = {
  ...base,
  sky: ['#7d3a56', '#ee7d52', '#ffd27f'],
  cloud: '#f7a77d',
  far: '#cf7460',
  middle: '#964a52',
  near: '#683449',
  grass: '#5f3045',
  leaf: '#502a42',
  pine: '#3d223b',
  trunk: '#3f2436',
  water: '#c4694f',
  shimmer: '#ffc98a',
  sand: '#bd6a4f',
  rock: '#74444f',
  road: '#653b4d',
  roof: '#602f43',
  walls: ['#b25c50', '#c0744f', '#8a4a58'],
}

const dusk: Palette = {
  ...base,
  sky: ['#25305f', '#8a5a92', '#ffb07f'],
  cloud: '#c98aa6',
  far: '#8d6796',
  middle: '#5c4a80',
  near: '#42396c',
  grass: '#3b3462',
  leaf: '#322e59',
  pine: '#26254b',
  trunk: '#292340',
  water: '#655f98',
  shimmer: '#ffc0a0',
  sand: '#8a6884',
  rock: '#534a7c',
  road: '#45406c',
  roof: '#352f5f',
  walls: ['#7d5580', '#8a6580', '#5c5288'],
}

/** Long streaks of cloud lit from below. */
function streaks(random: Random, palette: Palette, horizon: number): string {
  return Array.from({ length: 9 }, (_, index) => {
    const y = 30 + (horizon - 70) * (index / 9) + random.between(-10, 10)
    const [x, half] = [random.between(0, 640), random.between(70, 190)]
    const colour = mix(mix(palette.sky[0], palette.sky[1], 0.55), palette.sky[2], (index / 9) * 0.8)
    return (
      `<path d="${ellipse(x, y, half, random.between(3, 8))}" fill="${colour}" fill-opacity="0.6"/>` +
      `<path d="${ellipse(x + 40, y + 7, half * 0.6, 3)}" fill="#ffd9a0" fill-opacity="0.4"/>`
    )
  }).join('')
}

/** Against the light: purple shadows, burning edges, and a great sun on the horizon. */
export const sunset: Treatment = {
  style: 'sunset',
  palettes: [base, amber, dusk],
  render(scene, palette, random) {
    const x = scene.light[0]
    const y = scene.horizon - 34
    const shift = x > 320 ? -3 : 3
    const tone = (colour: Colour) =>
      mix(underLight(colour, '#ffb795'), underLight(colour, '#6d3a78'), 0.42)
    const defs =
      linearGradient(
        'sky',
        [
          [0, palette.sky[0]],
          [0.5, palette.sky[1]],
          [0.8, mix(palette.sky[1], palette.sky[2], 0.45)],
          [1, palette.sky[2]],
        ],
        scene.horizon,
      ) +
      radialGradient('glare', { x, y, reach: 330 }, [
        [0, '#ffe9a3', 0.85],
        [0.3, '#ffb765', 0.4],
        [1, '#ff8f5c', 0],
      ]) +
      radialGradient('dusk', { x, y, reach: 640 }, [
        [0, '#ffb36b', 0.2],
        [0.4, '#ff8a60', 0.06],
        [1, '#2b1248', 0.5],
      ]) +
      rimLight('#ffd48a', 1, shift, 2.5)
    const sun =
      sheet('url(#glare)') +
      `<circle cx="${x}" cy="${y}" r="62" fill="${palette.light}"/>` +
      `<circle cx="${x}" cy="${y}" r="50" fill="#fff8dc"/>`
    const land = litBrush((colour) => colour, 0.25)
    return document(
      defs,
      sheet('url(#sky)') +
        streaks(random, palette, scene.horizon) +
        sun +
        paint(scene.far, land) +
        sheet('url(#glare)', 'opacity="0.55"') +
        paint(scene.middle, land) +
        `<g filter="url(#rim)">${paint(scene.subject, litBrush(tone, 0.35))}</g>` +
        paint(scene.front, land) +
        sheet('url(#dusk)'),
    )
  },
}
