import { darken, type Colour } from '../colour.ts'
import { area, line, shade, within, type Mark } from '../marks.ts'
import { curve, ellipse, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import { page, type Stage } from '../scene.ts'

/** A flat-bottomed heap of puffs, `width` across, standing on `x, y`. */
export function cloud(
  random: Random,
  colour: Colour,
  at: { x: number; y: number; width: number },
): Mark[] {
  const puffs = [0.22, 0.3, 0.28, 0.2].map((share) => share * at.width * random.between(0.9, 1.1))
  const lift = [-0.12, -0.07, 0.07, 0.12].map((share) => share * at.width)
  const bumps = puffs.map((puff, index) => {
    const [right, down] = [Math.round(puff), Math.round(lift[index]!)]
    // Outwards is the chord turned a quarter to the left.
    const [outX, outY] = [Math.round(down * 0.46), Math.round(-right * 0.46)]
    return `c${outX},${outY} ${right + outX},${down + outY} ${right},${down}`
  })
  const start = Math.round(at.x - at.width / 2)
  const d = `M${start},${Math.round(at.y)}${bumps.join('')}Z`
  const low = ellipse(at.x, at.y + at.width * 0.02, at.width * 0.6, at.width * 0.1)
  return [area(d, colour), within(d, [shade(low, darken(colour, 0.35), 0.16)])]
}

/** A few clouds of different sizes, none of them in front of the sun or the moon. */
export function clouds(stage: Stage, count: number, light: Point, lowest = 170): Mark[] {
  const { random, palette } = stage
  const one = (_: unknown, index: number) => {
    const slot = (page.width / count) * (index + 0.5)
    const x = slot + random.between(-50, 50)
    if (Math.abs(x - light[0]) < 130) return []
    return cloud(random, palette.cloud, {
      x,
      y: random.between(70, lowest),
      width: random.between(90, 170),
    })
  }
  return Array.from({ length: count }, one).flat()
}

/** Far-off birds, each two strokes of a wing. */
export function birds(random: Random, colour: Colour, x: number, y: number, count: number): Mark[] {
  return Array.from({ length: count }, () => {
    const [left, top] = [x + random.between(-60, 60), y + random.between(-32, 32)]
    const span = random.between(7, 13)
    const wings = curve([
      [left - span, top - span * 0.3],
      [left - span * 0.5, top - span * 0.55],
      [left, top],
      [left + span * 0.5, top - span * 0.6],
      [left + span, top - span * 0.25],
    ])
    return line(wings, colour, 2.2)
  })
}
