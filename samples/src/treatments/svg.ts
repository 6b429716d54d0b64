import type { Colour } from '../colour.ts'
import type { Brush, Mark } from '../marks.ts'
import { page } from '../scene.ts'

/** A whole page; `defs` are the filters, gradients and patterns that `body` names. */
export function document(defs: string, body: string): string {
  const { width, height } = page
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<defs>${defs}</defs>${body}</svg>`
  )
}

/** A filter over exactly the page, its colours mixed as the page's are. */
export const filter = (id: string, steps: string): string =>
  `<filter id="${id}" filterUnits="userSpaceOnUse" x="0" y="0" width="${page.width}" height="${page.height}" ` +
  `color-interpolation-filters="sRGB">${steps}</filter>`

/** `solid`: the picture without its shadows and steam, which get neither contour nor rim. */
export const solidAlpha =
  `<feComponentTransfer in="SourceAlpha" result="solid">` +
  `<feFuncA type="linear" slope="4" intercept="-3"/></feComponentTransfer>`

/** Light caught along the edges that face it; it falls by `dx`, `dy` page units. */
export const rimLight = (colour: Colour, opacity: number, dx: number, dy: number): string =>
  filter(
    'rim',
    `${solidAlpha}<feOffset in="solid" dx="${dx}" dy="${dy}" result="moved"/>` +
      `<feFlood flood-color="${colour}" flood-opacity="${opacity}"/>` +
      `<feComposite in2="solid" operator="in"/><feComposite in2="moved" operator="out" result="edge"/>` +
      `<feMerge><feMergeNode in="SourceGraphic"/><feMergeNode in="edge"/></feMerge>`,
  )

export function linearGradient(
  id: string,
  stops: readonly (readonly [offset: number, colour: Colour, opacity?: number])[],
  foot: number = page.height,
): string {
  return (
    `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="0" y2="${foot}">` +
    `${stops.map(stop).join('')}</linearGradient>`
  )
}

export function radialGradient(
  id: string,
  at: { x: number; y: number; reach: number },
  stops: readonly (readonly [offset: number, colour: Colour, opacity?: number])[],
): string {
  return (
    `<radialGradient id="${id}" gradientUnits="userSpaceOnUse" cx="${at.x}" cy="${at.y}" r="${at.reach}">` +
    `${stops.map(stop).join('')}</radialGradient>`
  )
}

function stop([offset, colour, opacity = 1]: readonly [number, Colour, number?]): string {
  return `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`
}

/** The whole page in one paint: a colour or `url(#gradient)`. */
export const sheet = (fill: string, attributes = ''): string =>
  `<rect width="${page.width}" height="${page.height}" fill="${fill}" ${attributes}/>`

/** Marks in plain colours; `tone` turns the colour an object has by day into the one it has here. */
export function plainBrush(tone: (colour: Colour) => Colour = (colour) => colour): Brush {
  return {
    outline: (d) => d,
    area: ({ d, colour }) => `<path d="${d}" fill="${tone(colour)}"/>`,
    shade: ({ d, colour, opacity }) =>
      `<path d="${d}" fill="${tone(colour)}" fill-opacity="${opacity}"/>`,
    line: ({ d, colour, width }) => stroke(d, tone(colour), width),
    lamp: ({ d, colour }) => `<path d="${d}" fill="${tone(colour)}"/>`,
    beam: () => '',
  }
}

export const stroke = (d: string, colour: Colour, width: number, attributes = ''): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" ` +
  `stroke-linejoin="round" ${attributes}/>`

/** Marks whose lamps and beams are lit: each lamp adds a soft halo to what is around it. */
export function litBrush(tone: (colour: Colour) => Colour, strength: number): Brush {
  const glow = (id: string, colour: Colour, at: { x: number; y: number; reach: number }) =>
    radialGradient(id, at, [
      [0, colour, strength],
      [0.35, colour, strength * 0.4],
      [1, colour, 0],
    ])
  let made = 0
  const name = () => `glow-${strength * 100}-${made++}`
  return {
    ...plainBrush(tone),
    lamp: ({ d, lit, halo }) => {
      const id = name()
      return (
        `<path d="${d}" fill="${lit}"/>${glow(id, lit, halo)}` +
        `<circle cx="${halo.x}" cy="${halo.y}" r="${halo.reach}" fill="url(#${id})"/>`
      )
    },
    beam: (mark) => {
      const id = name()
      return `${glow(id, mark.colour, mark)}<path d="${mark.d}" fill="url(#${id})"/>`
    },
  }
}

/** Every layer of a scene from back to front, for treatments that paint them all alike. */
export const allLayers = (scene: {
  far: readonly Mark[]
  middle: readonly Mark[]
  subject: readonly Mark[]
  front: readonly Mark[]
}): Mark[] => [...scene.far, ...scene.middle, ...scene.subject, ...scene.front]
