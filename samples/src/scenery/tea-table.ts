import { darken, type Colour } from '../colour.ts'
import { area, lamp, line, shade, within, type Mark } from '../marks.ts'
import { circle, ellipse, polygon, rect } from '../path.ts'
import type { Stage } from '../scene.ts'
import { flower } from './plants.ts'

/** A slice of cake with a cherry, on a plate that stands on y = 0. */
export function cake(): Mark[] {
  return [
    shade(ellipse(0, 2, 74, 9), '#2a1c33', 0.2),
    area(ellipse(0, -2, 70, 12), '#fdf8ec'),
    area('M-40,-8V-44L34,-56V-8Q0,0 -40,-8Z', '#f3cf8f'),
    shade('M-40,-30L34,-38V-28L-40,-20Z', '#d9606a', 1),
    area(
      'M-44,-44C-40,-58 30,-74 38,-58Q38,-48 34,-48L22,-40L10,-48L-4,-38L-18,-46L-30,-36Z',
      '#fff4ea',
    ),
    area(circle(2, -66, 10), '#e0454a'),
    line('M2,-75Q4,-84 12,-86', '#5f8f4f', 2.4),
  ]
}

/** A candle lantern that stands on y = 0. */
export function lantern(): Mark[] {
  return [
    shade(ellipse(0, 2, 46, 7), '#1a1433', 0.3),
    area(rect(-30, -12, 60, 12, 3), '#4a4f6a'),
    area(rect(-25, -86, 50, 74, 4), '#8fa9d9'),
    lamp(
      'M0,-70C10,-52 14,-46 14,-36C14,-17 -14,-17 -14,-36C-14,-46 -10,-52 0,-70Z',
      '#ffcf6b',
      '#ffe9a3',
      { x: 0, y: -42, reach: 170 },
    ),
    line('M-25,-86V-12M25,-86V-12M-8,-86V-12M8,-86V-12', '#4a4f6a', 2.6),
    area(
      polygon([
        [-32, -84],
        [-14, -108],
        [14, -108],
        [32, -84],
      ]),
      '#4a4f6a',
    ),
    line('M-14,-108C-14,-129 14,-129 14,-108', '#4a4f6a', 4),
  ]
}

/** Garden flowers in a vase that stands on y = 0. */
export function vase(stage: Stage): Mark[] {
  const blooms = [-26, -8, 12, 28].flatMap((x, index) =>
    flower(stage.random, stage.palette, x * 0.5, -58, 62 + (index % 2) * 26),
  )
  return [
    shade(ellipse(0, 2, 40, 6), '#2a1c33', 0.2),
    ...blooms,
    area(
      'M-16,-72H16C14,-54 32,-44 32,-24Q32,0 0,0Q-32,0 -32,-24C-32,-44 -14,-54 -16,-72Z',
      '#a9cfd8',
    ),
    shade(ellipse(-14, -26, 5, 14, 10), '#ffffff', 0.6),
  ]
}

/** A gingham cloth in perspective: stripes that run away from the viewer, and stripes across. */
export function table([ground, check]: readonly [Colour, Colour]): Mark[] {
  const top = polygon([
    [40, 352],
    [600, 352],
    [720, 500],
    [-80, 500],
  ])
  const away = Array.from({ length: 9 }, (_, index) =>
    polygon([
      [62 + index * 64, 352],
      [94 + index * 64, 352],
      [320 + (94 + index * 64 - 320) * 1.5, 500],
      [320 + (62 + index * 64 - 320) * 1.5, 500],
    ]),
  )
  const across = [360, 388, 420, 456].map((y, index) => rect(-90, y, 830, 9 + index * 4))
  return [
    area(top, ground),
    within(top, [shade(away.join(''), check, 0.55), shade(across.join(''), check, 0.5)]),
    shade(rect(40, 350, 560, 5), darken(check, 0.4), 0.25),
  ]
}

/** Three wisps of steam rising from `x, y`. */
export function steam(x: number, y: number): Mark[] {
  return [-14, 4, 22].map((shift, index) =>
    shade(
      `M${x + shift},${y}c-16,-22 14,-34 0,-60c-4,-10 -2,-18 6,-24c-2,12 8,18 6,32c-4,24 -16,30 -12,52Z`,
      '#ffffff',
      0.5 - index * 0.1,
    ),
  )
}

/** A string of little flags that sags across the top of the page. */
export function bunting({ random, palette }: Stage): Mark[] {
  const sag = (x: number) => 34 + Math.sin((x / 640) * Math.PI) * 40
  const flags = Array.from({ length: 12 }, (_, index) => {
    const x = 14 + index * 54
    return area(
      polygon([
        [x, sag(x)],
        [x + 36, sag(x + 36)],
        [x + 18, sag(x + 18) + 36],
      ]),
      random.pick([...palette.flowers, ...palette.walls]),
    )
  })
  return [line(`M-10,30Q320,118 650,30`, palette.trunk, 2.4), ...flags]
}
