import { darken, lighten, type Colour } from '../colour.ts'
import { area, lamp, line, shade, within, type Mark } from '../marks.ts'
import { circle, polygon, rect } from '../path.ts'
import type { Random } from '../random.ts'
import type { Palette, Stage } from '../scene.ts'

const warm = '#ffd36b'

/** A window of `width` by `height` that is lit in the dark. */
export function windowPane(
  palette: Palette,
  x: number,
  y: number,
  width: number,
  height: number,
): Mark[] {
  const reach = width * 1.5
  return [
    area(rect(x - 3, y - 3, width + 6, height + 6, 2), lighten(palette.walls[0], 0.5)),
    lamp(rect(x, y, width, height, 1), palette.window, warm, {
      x: x + width / 2,
      y: y + height / 2,
      reach,
    }),
    line(
      `M${x + width / 2},${y}v${height}M${x},${y + height / 2}h${width}`,
      lighten(palette.walls[0], 0.5),
      2,
    ),
  ]
}

interface HouseSite {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly wall: Colour
}

/** A narrow gabled town house, its door step at `x, y` (left foot). */
export function house(random: Random, palette: Palette, site: HouseSite): Mark[] {
  const { x, y, width, height, wall } = site
  const eaves = y - height
  const peak = width * random.between(0.42, 0.6)
  const gable = polygon([
    [x - 7, eaves + 4],
    [x + width / 2, eaves - peak],
    [x + width + 7, eaves + 4],
  ])
  const pane = Math.round(width * 0.2)
  const rows = height > 130 ? [0.14, 0.44] : [0.2]
  const panes = rows.flatMap((share) =>
    [0.17, 0.62].flatMap((across) =>
      windowPane(
        palette,
        Math.round(x + width * across),
        Math.round(eaves + height * share),
        pane,
        Math.round(pane * 1.3),
      ),
    ),
  )
  const door = rect(x + width * 0.38, y - height * 0.28, width * 0.24, height * 0.28, 3)
  return [
    area(
      rect(x + width * 0.68, eaves - peak * 0.85, width * 0.13, peak * 0.7),
      darken(palette.roof, 0.25),
    ),
    area(rect(x, eaves, width, height), wall),
    shade(rect(x + width * 0.8, eaves, width * 0.2, height), darken(wall, 0.6), 0.14),
    area(gable, palette.roof),
    within(gable, [
      shade(rect(x + width / 2, eaves - peak, width, peak * 1.2), darken(palette.roof, 0.6), 0.18),
    ]),
    area(circle(x + width / 2, eaves - peak * 0.36, width * 0.075), lighten(wall, 0.4)),
    ...panes,
    area(door, darken(palette.roof, 0.15)),
  ]
}

/** A row of houses from edge to edge, doors on `y`. */
export function street(stage: Stage, y: number, scale = 1): Mark[] {
  const { random, palette } = stage
  const marks: Mark[] = []
  let x = -random.between(10, 50)
  let turn = random.whole(0, 2)
  while (x < 660) {
    const width = random.between(82, 112) * scale
    const height = random.between(108, 176) * scale
    marks.push(...house(random, palette, { x, y, width, height, wall: palette.walls[turn % 3]! }))
    x += width + random.between(0, 8)
    turn++
  }
  return marks
}

/** A street lamp of `height` whose foot stands at `x, y`. */
export function streetLamp(x: number, y: number, height: number): Mark[] {
  const top = y - height
  return [
    area(rect(x - 3, top, 6, height), '#3b4252'),
    area(rect(x - 8, y - 14, 16, 14, 3), '#3b4252'),
    lamp(
      polygon([
        [x - 8, top],
        [x - 12, top - 26],
        [x + 12, top - 26],
        [x + 8, top],
      ]),
      '#f6efd2',
      warm,
      { x, y: top - 13, reach: 70 },
    ),
    area(
      polygon([
        [x - 15, top - 25],
        [x, top - 40],
        [x + 15, top - 25],
      ]),
      '#3b4252',
    ),
  ]
}
