import { darken, lighten, type Colour } from '../colour.ts'
import { area, line, place, shade, within, type Mark, type Placement } from '../marks.ts'
import { circle, ellipse, polar, rect, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { hills } from '../scenery/land.ts'
import { flower, tree } from '../scenery/plants.ts'
import { clouds } from '../scenery/sky.ts'
import { bunting, cake, lantern, steam, table, vase } from '../scenery/tea-table.ts'

interface Pose {
  readonly glaze: Colour
  readonly accent: Colour
  readonly pattern: 'dots' | 'daisies' | 'stripes' | 'waves'
  readonly cloth: readonly [Colour, Colour]
  readonly at: Placement
  readonly cup: Placement
  readonly extra: 'cake' | 'lantern' | 'vase'
  readonly light: Point
}

const poses: Record<Style, Pose> = {
  flat: {
    glaze: '#3f9fa8',
    accent: '#fdf3e0',
    pattern: 'dots',
    cloth: ['#fdf3e6', '#f2a494'],
    at: { x: 286, y: 400, scale: 1.16 },
    cup: { x: 520, y: 418, scale: 1 },
    extra: 'cake',
    light: [520, 96],
  },
  watercolour: {
    glaze: '#f3ead8',
    accent: '#6a8fc0',
    pattern: 'daisies',
    cloth: ['#f6efe0', '#a9c0d6'],
    at: { x: 356, y: 396, scale: 1.12, flip: true },
    cup: { x: 120, y: 418, scale: 1, flip: true },
    extra: 'vase',
    light: [130, 100],
  },
  'cartoon outline': {
    glaze: '#ff5f6f',
    accent: '#ffe14f',
    pattern: 'stripes',
    cloth: ['#ffffff', '#4fb8f0'],
    at: { x: 300, y: 404, scale: 1.2 },
    cup: { x: 540, y: 424, scale: 1.04 },
    extra: 'cake',
    light: [560, 80],
  },
  sunset: {
    glaze: '#c9784a',
    accent: '#f6d9a0',
    pattern: 'waves',
    cloth: ['#f0cfa4', '#c96a5a'],
    at: { x: 270, y: 400, scale: 1.1 },
    cup: { x: 494, y: 420, scale: 0.96 },
    extra: 'vase',
    light: [520, 0],
  },
  night: {
    glaze: '#5f7fd0',
    accent: '#f3e6b8',
    pattern: 'dots',
    cloth: ['#dfe3f2', '#7f8fd0'],
    at: { x: 350, y: 402, scale: 1.12, flip: true },
    cup: { x: 122, y: 422, scale: 1, flip: true },
    extra: 'lantern',
    light: [110, 88],
  },
  pencil: {
    glaze: '#d9b04f',
    accent: '#b9604a',
    pattern: 'waves',
    cloth: ['#f6efe0', '#c3a98f'],
    at: { x: 290, y: 400, scale: 1.14 },
    cup: { x: 516, y: 420, scale: 1 },
    extra: 'cake',
    light: [560, 80],
  },
}

function daisy(x: number, y: number, size: number, colour: Colour): Mark[] {
  const petals = [0, 60, 120, 180, 240, 300].map((degrees) =>
    ellipse(...polar(x, y, size, degrees), size * 0.62, size * 0.4, degrees),
  )
  return [shade(petals.join(''), colour, 1), shade(circle(x, y, size * 0.5), '#f3b83f', 1)]
}

function pattern({ pattern: kind, accent, glaze }: Pose): Mark[] {
  const columns = [-110, -74, -38, 0, 38, 74, 110]
  switch (kind) {
    case 'dots':
      return [-172, -138, -104, -70, -36].flatMap((y, row) =>
        columns.map((x) => shade(circle(x + (row % 2) * 18, y, 8), accent, 1)),
      )
    case 'daisies':
      return [
        ...[-150, -98, -46].flatMap((y, row) =>
          [-84, -28, 28, 84].flatMap((x) => daisy(x + (row % 2) * 28, y, 12, accent)),
        ),
        line(
          'M-120,-124Q-60,-108 0,-124Q60,-140 120,-124M-120,-72Q-60,-56 0,-72Q60,-88 120,-72',
          '#7f9f6a',
          2.4,
        ),
      ]
    case 'stripes':
      return [-156, -112, -68].map((y) =>
        shade(`M-130,${y}Q0,${y + 26} 130,${y}V${y + 20}Q0,${y + 46} -130,${y + 20}Z`, accent, 1),
      )
    case 'waves': {
      const wave = (y: number) => `M-136,${y}${'q17,-16 34,0q17,16 34,0'.repeat(4)}`
      return [
        shade(rect(-130, -136, 260, 62), lighten(glaze, 0.45), 0.8),
        line(`${wave(-120)}${wave(-105)}${wave(-90)}`, accent, 5),
      ]
    }
  }
}

/** Standing on y = 0, its spout to the right; about 250 tall. */
function teapot(pose: Pose): Mark[] {
  const { glaze, accent } = pose
  const belly =
    'M-122,-98C-122,-168 -70,-200 0,-200C70,-200 122,-168 122,-98C122,-44 80,-10 44,-8H-44C-80,-10 -122,-44 -122,-98Z'
  const spout =
    'M92,-112C138,-108 140,-160 172,-184C182,-190 196,-186 206,-176C186,-168 184,-120 160,-84C144,-60 120,-46 96,-46Z'
  const handle =
    'M-96,-172C-150,-204 -204,-168 -204,-112C-204,-62 -160,-34 -104,-40L-110,-62C-150,-58 -178,-80 -178,-114C-178,-152 -144,-174 -106,-150Z'
  const lid = 'M-66,-190C-58,-226 -26,-240 0,-240C26,-240 58,-226 66,-190Q0,-174 -66,-190Z'
  return [
    shade(ellipse(10, 0, 160, 15), '#2a1c33', 0.24),
    area(handle, darken(glaze, 0.06)),
    within(handle, [
      shade('M-210,-110C-200,-40 -140,-30 -90,-40V-20H-220Z', darken(glaze, 0.5), 0.22),
    ]),
    area(spout, darken(glaze, 0.03)),
    within(spout, [
      shade('M90,-60C140,-64 160,-110 180,-160L220,-150V-30H90Z', darken(glaze, 0.5), 0.22),
    ]),
    area(rect(-56, -16, 112, 18, 8), darken(glaze, 0.18)),
    area(belly, glaze),
    within(belly, [
      ...pattern(pose),
      shade('M50,-210C110,-150 100,-50 30,0H140V-210Z', darken(glaze, 0.6), 0.2),
      shade(ellipse(0, -6, 130, 26), darken(glaze, 0.6), 0.18),
      shade(ellipse(-70, -146, 16, 34, 28), '#ffffff', 0.5),
    ]),
    area('M-72,-194Q0,-172 72,-194Q76,-184 70,-180Q0,-160 -70,-180Q-76,-184 -72,-194Z', accent),
    area(lid, glaze),
    within(lid, [
      shade('M20,-250C50,-220 50,-200 40,-170H80V-250Z', darken(glaze, 0.6), 0.2),
      shade(ellipse(-28, -220, 18, 7, -28), '#ffffff', 0.5),
    ]),
    area(circle(0, -250, 15), accent),
    shade(circle(-5, -255, 4.5), '#ffffff', 0.7),
  ]
}

function cup({ glaze, accent }: Pose): Mark[] {
  const bowl = 'M-52,-70H52C52,-30 34,-8 18,-6H-18C-34,-8 -52,-30 -52,-70Z'
  return [
    shade(ellipse(4, 2, 92, 12), '#2a1c33', 0.22),
    area(ellipse(0, -4, 84, 15), lighten(glaze, 0.25)),
    area(ellipse(0, -7, 50, 8), darken(glaze, 0.08)),
    area('M48,-60C82,-66 86,-26 40,-24L42,-34C66,-36 66,-54 47,-50Z', darken(glaze, 0.06)),
    area(bowl, glaze),
    within(bowl, [
      shade(rect(-60, -46, 120, 9), accent, 1),
      shade('M22,-80C34,-40 20,-10 6,0H60V-80Z', darken(glaze, 0.6), 0.2),
      shade(ellipse(-32, -50, 6, 15, 12), '#ffffff', 0.5),
    ]),
    area(ellipse(0, -70, 52, 11), lighten(glaze, 0.5)),
    area(ellipse(0, -69, 44, 8), '#b5703a'),
    shade(ellipse(-12, -71, 18, 2.6), '#e8b06f', 0.8),
  ]
}

function extras(stage: Stage, pose: Pose): Mark[] {
  const x = pose.at.flip ? 560 : 76
  if (pose.extra === 'cake') return [place(cake(), { x: x + 6, y: 438, scale: 0.95 })]
  if (pose.extra === 'lantern') return [place(lantern(), { x, y: 432, scale: 1.05 })]
  return [place(vase(stage), { x, y: 434, scale: 1 })]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const spout = pose.at.x + (pose.at.flip ? -1 : 1) * 186 * (pose.at.scale ?? 1)
  return {
    horizon: 276,
    light: pose.light,
    far: [
      ...clouds(stage, 4, pose.light, 150),
      hills(random, 236, 26, palette.far),
      hills(random, 280, 16, palette.middle),
      ...[70, 190, 470, 584].flatMap((x) =>
        tree(random, palette, x + random.between(-26, 26), 322, random.between(96, 150)),
      ),
    ],
    middle: [
      hills(random, 314, 8, palette.grass),
      ...Array.from({ length: 12 }, (_, index) =>
        flower(random, palette, index * 56 + random.between(0, 26), 362, random.between(26, 44)),
      ).flat(),
      ...bunting(stage),
    ],
    subject: [
      ...table(pose.cloth),
      ...steam(spout, pose.at.y - 194 * (pose.at.scale ?? 1)),
      place(teapot(pose), pose.at),
      ...extras(stage, pose),
      place(cup(pose), pose.cup),
      ...steam(pose.cup.x, pose.cup.y - 78),
    ],
    front: [],
  }
}

export const teapotSubject: Subject = {
  name: 'teapot',
  category: 'object',
  descriptions: {
    flat: 'A dotted teal teapot, a cup of tea and a slice of cake wait on a garden table.',
    watercolour: 'A cream teapot painted with blue daisies stands beside a vase of garden flowers.',
    'cartoon outline': 'A striped red teapot steams away at a comic-book tea party with cake.',
    sunset: 'An earthenware teapot with a wave pattern steams on a garden table at sundown.',
    night: 'A blue dotted teapot is served by lantern light in a starlit garden.',
    pencil: 'A mustard teapot with a wave pattern, tea and cake, drawn in coloured pencil.',
  },
  compose,
}
