import { darken, type Colour } from '../colour.ts'
import { area, fine, line, shade, type Mark } from '../marks.ts'
import { curve, ellipse, polar, polygon, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import { page, type Stage } from '../scene.ts'
import { ground } from './land.ts'

/** Short level strokes, longer and further apart towards the viewer. */
function ripples(random: Random, y: number, colour: Colour, count: number): Mark[] {
  return Array.from({ length: count }, (_, index) => {
    const depth = (index + random.between(0.2, 0.8)) / count
    const top = y + 8 + (page.height - y - 12) * depth ** 1.4
    const half = (12 + 46 * depth) * random.between(0.5, 1)
    const x = random.between(0, page.width)
    return shade(ellipse(x, top, half, 1 + depth * 1.7), colour, 0.5)
  })
}

/** The broken road of light that leads from the sun or the moon to the viewer. */
function glitter(random: Random, x: number, y: number, colour: Colour): Mark[] {
  return Array.from({ length: 22 }, (_, index) => {
    const depth = (index + 0.5) / 22
    const top = y + 4 + (page.height - y) * depth ** 1.2
    const half = (14 + 52 * depth) * random.between(0.35, 1)
    return shade(
      ellipse(x + random.between(-24, 24) * (0.4 + depth), top, half, 1.2 + depth * 2),
      colour,
      0.62,
    )
  })
}

/** Still or lively water from `y` down, catching the light that stands over `lightX`. */
export function water({ random, palette, style }: Stage, y: number, lightX: number): Mark[] {
  const deep = polygon([
    [-20, y + (page.height - y) * 0.45],
    [660, y + (page.height - y) * 0.35],
    [660, 500],
    [-20, 500],
  ])
  const low = style === 'sunset' || style === 'night'
  return [
    ground(y, palette.water),
    shade(deep, darken(palette.water, 0.5), 0.14),
    ...ripples(random, y, palette.shimmer, 26),
    ...(low ? glitter(random, lightX, y, palette.light) : []),
  ]
}

/** A row of rolling waves across the page, crests picked out with foam. */
export function waves(
  random: Random,
  y: number,
  height: number,
  colour: Colour,
  foam: Colour,
): Mark[] {
  const length = 84
  const shift = random.between(-80, 0)
  const crests: Point[] = Array.from({ length: 19 }, (_, index) => [
    shift + index * (length / 2),
    y + (index % 2 === 0 ? 0 : -height) * random.between(0.75, 1.1),
  ])
  const tops = crests.filter((_, index) => index % 2 === 1 && random.chance(0.6))
  return [
    area(`${curve(crests)}L720,510L-90,510Z`, colour),
    ...tops.map(([x, top]) => {
      const [half, drop] = [random.between(12, 24), height * 0.42 + 2]
      return line(
        curve([
          [x - half, top + drop],
          [x - 2, top + 4],
          [x + half, top + drop],
        ]),
        foam,
        random.between(1.8, 3.2),
      )
    }),
  ]
}

/** A lily pad with its notch, and a flower on some. */
export function lilyPad(random: Random, stage: Stage, x: number, y: number, size: number): Mark[] {
  const { palette } = stage
  const edge = Array.from({ length: 24 }, (_, index): Point => {
    const [right, down] = polar(0, 0, size, 8 + index * 14.5)
    return [x + right, y + down * 0.34]
  })
  const pad = polygon([[x, y], ...edge])
  const bloom = random.pick(palette.flowers)
  const petals = [-46, -22, 0, 22, 46].map((turn) =>
    fine(
      ellipse(
        x - size * 0.2 + turn * size * 0.006,
        y - size * 0.22,
        size * 0.12,
        size * 0.26,
        turn,
      ),
      bloom,
    ),
  )
  return [
    shade(ellipse(x, y + size * 0.12, size * 1.05, size * 0.34), darken(palette.water, 0.5), 0.35),
    area(pad, palette.leaf),
    ...(random.chance(0.55) ? petals : []),
  ]
}
