import { mix } from '../colour.ts'
import { paint } from '../marks.ts'
import type { Palette, Treatment } from '../scene.ts'
import { allLayers, document, plainBrush, sheet } from './svg.ts'

const base: Palette = {
  sky: ['#a9dbe3', '#cdeae4', '#f6efd9'],
  cloud: '#fffdf6',
  light: '#ffd876',
  far: '#a5cfc6',
  middle: '#7db9a0',
  near: '#5fa57f',
  grass: '#8cc079',
  leaf: '#4f9d69',
  pine: '#2f7660',
  trunk: '#8a5f47',
  water: '#5fb3c6',
  shimmer: '#d3f0ee',
  sand: '#f2d6a0',
  rock: '#a79b93',
  road: '#8b8f9e',
  walls: ['#f4b8a0', '#f6e2b3', '#a9cfd8'],
  roof: '#cf6651',
  window: '#d8f0f4',
  flowers: ['#f2766b', '#fff6e6', '#f6b6c8'],
}

const peach: Palette = {
  ...base,
  sky: ['#f3c3b0', '#f8dcc6', '#fdf2df'],
  far: '#c4b5c6',
  middle: '#93b5a6',
  light: '#f7a667',
  water: '#5fa9bd',
}

const lilac: Palette = {
  ...base,
  sky: ['#b7c4ec', '#d5d9f3', '#f9ead6'],
  far: '#a3b2d6',
  middle: '#86adb0',
  near: '#6aa38a',
  light: '#ffce7a',
  water: '#6a9fce',
}

/** Cut paper: clean shapes in one colour each, and a sun ringed by its own light. */
export const flat: Treatment = {
  style: 'flat',
  palettes: [base, peach, lilac],
  render(scene, palette) {
    const [x, y] = scene.light
    const rings = [250, 180, 116, 62].map((radius, index) => {
      const colour =
        index === 3 ? palette.light : mix(palette.sky[1], '#fff3cf', 0.3 + index * 0.22)
      return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"/>`
    })
    const sky = sheet(palette.sky[0]) + rings.join('')
    return document('', sky + paint(allLayers(scene), plainBrush()))
  },
}
