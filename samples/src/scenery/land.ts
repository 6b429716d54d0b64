import { darken, lighten, mix, type Colour } from '../colour.ts'
import { area, shade, within, type Mark } from '../marks.ts'
import { blob, curve, polygon, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import { page } from '../scene.ts'

const margin = 30
const bottom = page.height + margin

/** Rolling land from edge to edge: its skyline waves by `height` around `y`. */
export function hills(random: Random, y: number, height: number, colour: Colour): Mark {
  const steps = 5
  const phase = random.between(0, Math.PI * 2)
  const points: Point[] = Array.from({ length: steps + 1 }, (_, index) => [
    -margin + ((page.width + 2 * margin) / steps) * index,
    y + Math.sin(phase + index * 1.7) * height * random.between(0.5, 1),
  ])
  return area(`${curve(points)}L${page.width + margin},${bottom}L${-margin},${bottom}Z`, colour)
}

/** Level ground from `y` to the foot of the page. */
export function ground(y: number, colour: Colour): Mark {
  const [left, right] = [-margin, page.width + margin]
  return area(
    polygon([
      [left, y],
      [right, y],
      [right, bottom],
      [left, bottom],
    ]),
    colour,
  )
}

/** A chain of peaks whose feet stand on `y`, with snow where `snow` is given. */
export function mountains(
  random: Random,
  at: { y: number; height: number; colour: Colour; snow?: Colour },
): Mark[] {
  const peaks = [40, 180, 330, 470, 610].map((x) => x + random.between(-35, 35))
  return peaks.flatMap((x) => {
    const height = at.height * random.between(0.6, 1)
    const width = height * random.between(0.95, 1.25)
    const top: Point = [x, at.y - height]
    const peak = polygon([
      [x - width, at.y + 6],
      [x - width * 0.45, at.y - height * 0.5],
      [x - width * 0.33, at.y - height * 0.52],
      top,
      [x + width * 0.38, at.y - height * 0.55],
      [x + width * 0.5, at.y - height * 0.52],
      [x + width, at.y + 6],
    ])
    const dark = polygon([
      top,
      [x + width, at.y + 6],
      [x + width * 0.1, at.y + 6],
      [x - width * 0.08, at.y - height * 0.4],
      [x + width * 0.06, at.y - height * 0.62],
    ])
    const cap = polygon([
      [x - width * 0.5, at.y - height * 1.1],
      [x + width * 0.5, at.y - height * 1.1],
      [x + width * 0.5, at.y - height * 0.66],
      [x + width * 0.17, at.y - height * 0.74],
      [x + width * 0.06, at.y - height * 0.62],
      [x - width * 0.08, at.y - height * 0.74],
      [x - width * 0.5, at.y - height * 0.64],
    ])
    const snow = at.snow ? [shade(cap, at.snow, 0.95)] : []
    return [
      area(peak, at.colour),
      within(peak, [...snow, shade(dark, darken(at.colour, 0.4), 0.18)]),
    ]
  })
}

/** A table mountain of the desert, with the bands that its rock was laid down in. */
export function mesa(
  random: Random,
  at: { x: number; y: number; width: number; height: number; colour: Colour },
): Mark[] {
  const { x, y, width, height } = at
  const top = width * random.between(0.28, 0.36)
  const outline = polygon([
    [x - width / 2, y + 4],
    [x - top - width * 0.08, y - height * 0.45],
    [x - top, y - height * 0.5],
    [x - top * 0.94, y - height],
    [x - top * 0.3, y - height * 1.03],
    [x + top * 0.2, y - height * 0.97],
    [x + top * 0.9, y - height],
    [x + top, y - height * 0.52],
    [x + top + width * 0.09, y - height * 0.44],
    [x + width / 2, y + 4],
  ])
  const band = (level: number, thick: number, colour: Colour, opacity: number) =>
    shade(
      `M${x - width},${y - height * level}h${width * 2}v${height * thick}h${-width * 2}Z`,
      colour,
      opacity,
    )
  return [
    area(outline, at.colour),
    within(outline, [
      band(0.9, 0.08, darken(at.colour, 0.4), 0.3),
      band(0.7, 0.05, lighten(at.colour, 0.5), 0.35),
      band(0.56, 0.1, darken(at.colour, 0.4), 0.22),
      shade(
        polygon([
          [x + top * 0.35, y - height * 1.1],
          [x + width, y - height * 1.1],
          [x + width, y + 8],
          [x + top * 0.7, y + 8],
        ]),
        darken(at.colour, 0.5),
        0.22,
      ),
    ]),
  ]
}

/** A boulder about `size` across, half sunk at `x, y`. */
export function rock(random: Random, colour: Colour, x: number, y: number, size: number): Mark[] {
  const outline = blob([
    [x - size * 0.5, y],
    [x - size * random.between(0.38, 0.46), y - size * 0.3],
    [x - size * 0.1, y - size * random.between(0.46, 0.58)],
    [x + size * 0.28, y - size * random.between(0.34, 0.46)],
    [x + size * 0.5, y - size * 0.05],
    [x + size * 0.3, y + size * 0.08],
    [x - size * 0.3, y + size * 0.08],
  ])
  const lit = blob([
    [x - size * 0.4, y - size * 0.24],
    [x - size * 0.08, y - size * 0.48],
    [x + size * 0.14, y - size * 0.36],
    [x - size * 0.16, y - size * 0.26],
  ])
  return [
    area(outline, colour),
    within(outline, [
      shade(
        blob([
          [x + size * 0.02, y + size * 0.1],
          [x + size * 0.2, y - size * 0.2],
          [x + size * 0.6, y - size * 0.4],
          [x + size * 0.6, y + size * 0.2],
        ]),
        darken(colour, 0.6),
        0.25,
      ),
      shade(lit, mix(colour, '#ffffff', 0.6), 0.4),
    ]),
  ]
}
