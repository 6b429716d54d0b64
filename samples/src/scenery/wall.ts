import { darken, lighten } from '../colour.ts'
import { area, line, shade, type Mark } from '../marks.ts'
import { polygon, rect } from '../path.ts'
import type { Random } from '../random.ts'
import type { Palette, Stage } from '../scene.ts'
import { flower } from './plants.ts'

/** An old brick wall with a coping of stone, its top at `y`. */
export function wall(random: Random, palette: Palette, y: number): Mark[] {
  const brick = palette.walls[0]
  const bricks = [0, 1, 2, 3].flatMap((row) =>
    Array.from({ length: 10 }, (_, index) => {
      const colour = random.chance(0.5) ? darken(brick, 0.12) : lighten(brick, 0.1)
      return random.chance(0.7)
        ? [shade(rect(index * 74 - (row % 2 ? 52 : 16), y + 26 + row * 26, 68, 21, 3), colour, 0.9)]
        : []
    }).flat(),
  )
  return [
    area(rect(-20, y + 14, 680, 130), darken(brick, 0.24)),
    ...bricks,
    area(rect(-20, y, 680, 22, 4), lighten(palette.rock, 0.25)),
    shade(rect(-20, y + 15, 680, 8), darken(palette.rock, 0.5), 0.3),
    line(`M96,${y}v20M268,${y}v20M438,${y}v20M590,${y}v20`, darken(palette.rock, 0.35), 2),
  ]
}

/** A flower pot in bloom, its foot at `x, y`. */
export function pot(stage: Stage, x: number, y: number): Mark[] {
  const { random, palette } = stage
  return [
    ...[-16, 0, 16].flatMap((shift) =>
      flower(random, palette, x + shift, y - 44, random.between(44, 66)),
    ),
    area(
      polygon([
        [x - 26, y - 46],
        [x + 26, y - 46],
        [x + 19, y],
        [x - 19, y],
      ]),
      darken(palette.roof, 0.05),
    ),
    area(rect(x - 30, y - 52, 60, 13, 3), palette.roof),
  ]
}
