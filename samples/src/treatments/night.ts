import { saturate, underLight, type Colour } from '../colour.ts'
import { paint } from '../marks.ts'
import type { Random } from '../random.ts'
import { page, type Palette, type Treatment } from '../scene.ts'
import { document, linearGradient, litBrush, radialGradient, rimLight, sheet } from './svg.ts'

const base: Palette = {
  sky: ['#0d1638', '#1f3368', '#4d6fa3'],
  cloud: '#3c5490',
  light: '#fbf3d0',
  far: '#2f4a78',
  middle: '#24406a',
  near: '#1b3358',
  grass: '#1d3c57',
  leaf: '#1c4459',
  pine: '#122c48',
  trunk: '#1c2744',
  water: '#223f74',
  shimmer: '#7f9fd0',
  sand: '#47557f',
  rock: '#38466f',
  road: '#2b3560',
  walls: ['#3d4576', '#4a5184', '#34507c'],
  roof: '#2a2b5a',
  window: '#ffd977',
  flowers: ['#7c7cc4', '#a9b6e6', '#5f8fc0'],
}

const teal: Palette = {
  ...base,
  sky: ['#07202f', '#124458', '#4a8a94'],
  cloud: '#2f6270',
  far: '#235567',
  middle: '#1a4557',
  near: '#143848',
  grass: '#174248',
  leaf: '#18474c',
  pine: '#0e303b',
  trunk: '#152a38',
  water: '#1c5266',
  shimmer: '#8ccad0',
  sand: '#3f6670',
  rock: '#315762',
  road: '#244654',
  roof: '#1c3a4e',
  walls: ['#34586a', '#406573', '#2c6070'],
}

const violet: Palette = {
  ...base,
  sky: ['#170f3a', '#372a70', '#8468a8'],
  cloud: '#574890',
  far: '#4d427f',
  middle: '#3a3268',
  near: '#2d2756',
  grass: '#2c2c56',
  leaf: '#30325e',
  pine: '#1f1d45',
  trunk: '#252045',
  water: '#3d3678',
  shimmer: '#b09ddc',
  sand: '#5c528a',
  rock: '#4a4178',
  road: '#352f60',
  roof: '#2a2455',
  walls: ['#4d4480', '#5a5090', '#443f7c'],
}

function stars(random: Random, horizon: number): string {
  return Array.from({ length: 120 }, () => {
    const [x, y] = [random.between(0, page.width), random.between(0, horizon)]
    const size = random.between(0.5, 1) ** 3 * 2.1
    const spot = (radius: number, opacity: number) =>
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="#fdf6dc" fill-opacity="${opacity}"/>`
    return size > 1.5 ? spot(size * 2.6, 0.14) + spot(size, 1) : spot(size, 0.75)
  }).join('')
}

/** A full moon with its seas. */
function moon(x: number, y: number, colour: Colour): string {
  const sea = (dx: number, dy: number, radius: number) =>
    `<circle cx="${x + dx}" cy="${y + dy}" r="${radius}" fill="#dcd2ae" fill-opacity="0.75"/>`
  return (
    `<circle cx="${x}" cy="${y}" r="46" fill="${colour}"/>` +
    sea(-14, -12, 11) +
    sea(12, 6, 14) +
    sea(-12, 18, 7) +
    sea(16, -20, 6)
  )
}

/** Blue moonlight with silver edges; whatever has a lamp has it lit. */
export const night: Treatment = {
  style: 'night',
  palettes: [base, teal, violet],
  render(scene, palette, random) {
    const [x, y] = scene.light
    const shift = x > 320 ? -2.5 : 2.5
    const tone = (colour: Colour) => underLight(saturate(colour, 0.82), '#7e93cf')
    const defs =
      linearGradient(
        'sky',
        [
          [0, palette.sky[0]],
          [0.6, palette.sky[1]],
          [1, palette.sky[2]],
        ],
        scene.horizon,
      ) +
      radialGradient('halo', { x, y, reach: 230 }, [
        [0, '#fdf3cf', 0.5],
        [0.3, '#a9bfea', 0.24],
        [1, '#a9bfea', 0],
      ]) +
      radialGradient('gloom', { x: 320, y: 240, reach: 430 }, [
        [0.5, '#060a24', 0],
        [1, '#060a24', 0.55],
      ]) +
      rimLight('#cfe0ff', 0.8, shift, 2)
    const land = litBrush((colour) => colour, 0.4)
    return document(
      defs,
      sheet('url(#sky)') +
        stars(random, scene.horizon) +
        sheet('url(#halo)') +
        moon(x, y, palette.light) +
        paint(scene.far, land) +
        paint(scene.middle, land) +
        `<g filter="url(#rim)">${paint(scene.subject, litBrush(tone, 0.55))}</g>` +
        paint(scene.front, land) +
        sheet('url(#gloom)'),
    )
  },
}
