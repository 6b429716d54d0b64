import { darken, lighten, mix, type Colour } from '../colour.ts'
import { area, fine, line, shade, within, type Mark } from '../marks.ts'
import { blob, circle, curve, ellipse, polar, polygon, rect, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import type { Palette } from '../scene.ts'

/** A fir of three skirts, its foot at `x, y`. */
export function pine(
  random: Random,
  palette: Palette,
  x: number,
  y: number,
  height: number,
): Mark[] {
  const skirts = [0, 1, 2].flatMap((tier) => {
    const foot = y - height * (0.12 + tier * 0.24)
    const half = height * (0.3 - tier * 0.065) * random.between(0.92, 1.08)
    const tip: Point = [x, foot - height * (0.42 - tier * 0.02)]
    const skirt = polygon([
      [x - half, foot],
      [x - half * 0.45, foot - height * 0.13],
      tip,
      [x + half * 0.45, foot - height * 0.13],
      [x + half, foot],
      [x + half * 0.35, foot + height * 0.025],
      [x - half * 0.3, foot + height * 0.03],
    ])
    const colour = mix(palette.pine, palette.leaf, tier * 0.12)
    const shadow = polygon([
      tip,
      [x + half, foot],
      [x + half * 0.35, foot + height * 0.03],
      [x + half * 0.1, foot + height * 0.03],
    ])
    return [area(skirt, colour), within(skirt, [shade(shadow, darken(colour, 0.6), 0.28)])]
  })
  return [
    area(rect(x - height * 0.035, y - height * 0.16, height * 0.07, height * 0.17), palette.trunk),
    ...skirts,
  ]
}

/** A broad-leaved tree with a round, uneven crown. */
export function tree(
  random: Random,
  palette: Palette,
  x: number,
  y: number,
  height: number,
  leaf: Colour = palette.leaf,
): Mark[] {
  const radius = height * 0.3
  const middle = y - height * 0.66
  const crown = blob(
    Array.from({ length: 9 }, (_, index) =>
      polar(x, middle, radius * random.between(0.92, 1.14), index * 40),
    ),
  )
  const trunk = polygon([
    [x - height * 0.05, y],
    [x - height * 0.025, y - height * 0.5],
    [x + height * 0.025, y - height * 0.5],
    [x + height * 0.05, y],
  ])
  return [
    area(trunk, palette.trunk),
    area(crown, leaf),
    within(crown, [
      shade(
        circle(x + radius * 0.45, middle + radius * 0.5, radius * 1.05),
        darken(leaf, 0.55),
        0.22,
      ),
      shade(
        ellipse(x - radius * 0.35, middle - radius * 0.4, radius * 0.42, radius * 0.3, -30),
        lighten(leaf, 0.6),
        0.22,
      ),
    ]),
  ]
}

/** A tuft of grass: blades fanned out from one root. */
export function tuft(random: Random, colour: Colour, x: number, y: number, height: number): Mark {
  const blades = random.whole(4, 6)
  const d = Array.from({ length: blades }, (_, index) => {
    const lean = (index / (blades - 1) - 0.5) * height * 0.9 + random.between(-3, 3)
    const tall = height * (1 - Math.abs(index / (blades - 1) - 0.5)) * random.between(0.85, 1.1)
    const root = x + (index - blades / 2) * height * 0.08
    const wide = height * 0.07
    const [tipX, tipY] = [Math.round(x + lean), Math.round(y - tall)]
    return `M${Math.round(root - wide)},${y}Q${Math.round(root - wide)},${Math.round(y - tall * 0.6)} ${tipX},${tipY}Q${Math.round(root + wide * 1.4)},${Math.round(y - tall * 0.5)} ${Math.round(root + wide)},${y}Z`
  })
  return fine(d.join(''), colour)
}

/** Bulrushes and their leaves, `height` tall, rooted around `x, y`. */
export function reeds(
  random: Random,
  palette: Palette,
  x: number,
  y: number,
  height: number,
): Mark[] {
  const stems = [-1, 0, 1].flatMap((side) => {
    const root = x + side * height * 0.12
    const tip: Point = [root + side * height * 0.1, y - height * random.between(0.75, 1)]
    const head = ellipse(tip[0], tip[1], height * 0.038, height * 0.13, side * 7)
    return [
      line(curve([[root, y], [root, y - height * 0.4], tip]), palette.pine, 3),
      line(curve([tip, [tip[0] + side, tip[1] - height * 0.2]]), palette.pine, 2),
      area(head, mix(palette.trunk, '#7a4a22', 0.4)),
    ]
  })
  return [
    ...stems,
    tuft(random, palette.leaf, x, y, height * 0.75),
    tuft(random, palette.pine, x + height * 0.2, y + 4, height * 0.5),
  ]
}

/** A flower on a stem; daisies, poppies and bluebells by the colour given. */
export function flower(
  random: Random,
  palette: Palette,
  x: number,
  y: number,
  height: number,
): Mark[] {
  const colour = random.pick(palette.flowers)
  const lean = random.between(-0.15, 0.15) * height
  const [headX, headY] = [x + lean, y - height]
  const size = height * random.between(0.17, 0.23)
  const petals = [0, 72, 144, 216, 288].map((degrees) => {
    const [petalX, petalY] = polar(headX, headY, size * 0.62, degrees - 90)
    return fine(ellipse(petalX, petalY, size * 0.6, size * 0.42, degrees - 90), colour)
  })
  return [
    line(
      curve([
        [x, y],
        [x, y - height * 0.5],
        [headX, headY],
      ]),
      palette.pine,
      2.4,
    ),
    fine(
      ellipse(x + height * 0.13, y - height * 0.34, height * 0.15, height * 0.055, -32),
      palette.leaf,
    ),
    ...petals,
    fine(circle(headX, headY, size * 0.36), mix(palette.light, '#f2b134', 0.4)),
  ]
}

/** A fern: fronds arching out of the ground, each with its leaflets. */
export function fern(random: Random, colour: Colour, x: number, y: number, size: number): Mark[] {
  return [-1, -0.45, 0.1, 0.6, 1].flatMap((lean) => {
    const tip: Point = [
      x + lean * size * 0.8,
      y - size * (1.05 - Math.abs(lean) * 0.5) * random.between(0.9, 1.1),
    ]
    const elbow: Point = [x + lean * size * 0.32, y - size * (0.75 - Math.abs(lean) * 0.2)]
    const leaflets = [0.25, 0.4, 0.55, 0.7, 0.85].map((share) => {
      const u = 1 - share
      const px = u * u * x + 2 * u * share * elbow[0] + share * share * tip[0]
      const py = u * u * y + 2 * u * share * elbow[1] + share * share * tip[1]
      const long = size * 0.17 * (1.15 - share)
      return `${ellipse(px - long * 0.5, py - long * 0.15, long, long * 0.3, -140 + lean * 30)}${ellipse(px + long * 0.5, py - long * 0.15, long, long * 0.3, -40 + lean * 30)}`
    })
    const rib = `M${Math.round(x)},${Math.round(y)}Q${Math.round(elbow[0])},${Math.round(elbow[1])} ${Math.round(tip[0])},${Math.round(tip[1])}`
    return [line(rib, darken(colour, 0.25), 2), shade(leaflets.join(''), colour, 1)]
  })
}

/** Grass and flowers strewn along the foot of the page, taller towards its edges. */
export function verge(
  random: Random,
  palette: Palette,
  options: { y: number; height: number; flowers: number },
): Mark[] {
  const tufts = Array.from({ length: 13 }, (_, index) => {
    const x = index * 54 + random.between(-18, 8)
    const edge = Math.abs(x / 320 - 1)
    const height = options.height * (0.45 + 0.55 * edge) * random.between(0.8, 1.15)
    const colour = mix(palette.grass, random.chance(0.5) ? palette.pine : palette.leaf, 0.6)
    return tuft(
      random,
      colour,
      Math.round(x),
      Math.round(options.y + random.between(0, 16)),
      height,
    )
  })
  const blooms = Array.from({ length: options.flowers }, (_, index) => {
    const side = index % 2 === 0 ? random.between(20, 190) : random.between(450, 620)
    return flower(random, palette, side, options.y + 6, options.height * random.between(0.8, 1.25))
  })
  return [...blooms.flat(), ...tufts]
}
