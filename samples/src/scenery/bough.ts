import { darken } from '../colour.ts'
import { area, line, shade, within, type Mark } from '../marks.ts'
import { ellipse, polar, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import type { Palette } from '../scene.ts'

/** A leaf of `size` that grows from `x, y` towards `turn` degrees. */
export function leafAt(palette: Palette, x: number, y: number, size: number, turn: number): Mark[] {
  const [tipX, tipY] = polar(x, y, size, turn)
  const middle = polar(x, y, size / 2, turn)
  return [
    area(ellipse(middle[0], middle[1], size / 2, size * 0.24, turn), palette.leaf),
    line(
      `M${Math.round(x)},${Math.round(y)}L${Math.round(tipX)},${Math.round(tipY)}`,
      darken(palette.leaf, 0.35),
      1.6,
    ),
  ]
}

/** The bough across the page that the owl sits on, with its twigs and leaves. */
export function bough(random: Random, palette: Palette, y: number): Mark[] {
  const d = `M-20,${y + 16}C140,${y - 4} 300,${y + 14} 420,${y + 2}C520,${y - 6} 600,${y - 30} 670,${y - 58}V${y - 16}C600,${y + 12} 520,${y + 30} 430,${y + 36}C300,${y + 44} 140,${y + 30} -20,${y + 62}Z`
  const grain = `M0,${y + 34}C140,${y + 14} 280,${y + 28} 380,${y + 20}M420,${y + 22}C500,${y + 16} 580,${y - 4} 650,${y - 34}M60,${y + 42}C120,${y + 30} 180,${y + 32} 230,${y + 34}`
  const twigs = [40, 110, 470, 540, 600].flatMap((x) => {
    const base = y + (x > 420 ? 10 - (x - 420) * 0.2 : 18)
    const up = random.chance(0.6)
    const tip: Point = [x + random.between(14, 40), base + (up ? -60 : 66)]
    const turns = up ? [-150, -95, -40] : [30, 80, 140]
    return [
      line(
        `M${x},${Math.round(base)}Q${x + 4},${Math.round((base + tip[1]) / 2)} ${Math.round(tip[0])},${Math.round(tip[1])}`,
        palette.trunk,
        5,
      ),
      ...turns.flatMap((turn) =>
        leafAt(palette, tip[0], tip[1], random.between(34, 50), turn + random.between(-12, 12)),
      ),
    ]
  })
  return [
    ...twigs,
    area(d, palette.trunk),
    within(d, [
      shade(
        `M-20,${y + 46}C200,${y + 20} 440,${y + 40} 680,${y - 30}V${y + 90}H-20Z`,
        darken(palette.trunk, 0.6),
        0.28,
      ),
      line(grain, darken(palette.trunk, 0.4), 2.4),
    ]),
    line(`M272,${y + 12}q10,16 0,26`, darken(palette.trunk, 0.4), 2.4),
  ]
}
