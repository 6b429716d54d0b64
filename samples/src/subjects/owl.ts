import { darken, lighten, type Colour } from '../colour.ts'
import {
  area,
  lamp,
  line,
  mirrored,
  place,
  shade,
  within,
  type Mark,
  type Placement,
} from '../marks.ts'
import { circle, ellipse, polar, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { bough, leafAt } from '../scenery/bough.ts'
import { hills } from '../scenery/land.ts'
import { pine } from '../scenery/plants.ts'
import { birds, clouds } from '../scenery/sky.ts'

interface Pose {
  readonly coat: Colour
  readonly belly: Colour
  readonly iris: Colour
  readonly eyes: 'open' | 'drowsy' | 'wink'
  readonly wings: 'folded' | 'raised'
  readonly tufts: boolean
  readonly at: Placement
  readonly light: Point
}

const poses: Record<Style, Pose> = {
  flat: {
    coat: '#9a6b4a',
    belly: '#f3dfbd',
    iris: '#f3b02f',
    eyes: 'open',
    wings: 'folded',
    tufts: true,
    at: { x: 310, y: 376, scale: 1.1 },
    light: [520, 104],
  },
  watercolour: {
    coat: '#b9855a',
    belly: '#fbf0dc',
    iris: '#8a4f2a',
    eyes: 'drowsy',
    wings: 'folded',
    tufts: false,
    at: { x: 350, y: 372, scale: 1.06, turn: -3 },
    light: [140, 104],
  },
  'cartoon outline': {
    coat: '#7a5fc0',
    belly: '#ffe6b8',
    iris: '#ffc22e',
    eyes: 'wink',
    wings: 'raised',
    tufts: true,
    at: { x: 320, y: 380, scale: 1.06 },
    light: [548, 84],
  },
  sunset: {
    coat: '#8a5a48',
    belly: '#ecc79a',
    iris: '#ffb53f',
    eyes: 'open',
    wings: 'folded',
    tufts: true,
    at: { x: 240, y: 376, scale: 1.06, turn: 3 },
    light: [486, 0],
  },
  night: {
    coat: '#7d6a5f',
    belly: '#e9dcc4',
    iris: '#ffc83f',
    eyes: 'open',
    wings: 'folded',
    tufts: true,
    at: { x: 340, y: 378, scale: 1.1 },
    light: [130, 92],
  },
  pencil: {
    coat: '#e6dfd2',
    belly: '#fbf8f0',
    iris: '#e0a83a',
    eyes: 'open',
    wings: 'raised',
    tufts: false,
    at: { x: 310, y: 376, scale: 1.04 },
    light: [92, 84],
  },
}

function openEye(iris: Colour, x: number): Mark[] {
  return [
    lamp(circle(x, -190, 27), iris, iris, { x, y: -190, reach: 52 }),
    area(circle(x, -190, 15.5), '#241a26'),
    shade(`${circle(x + 6, -197, 5.4)}${circle(x - 6, -184, 2.6)}`, '#ffffff', 1),
  ]
}

function closedEye(coat: Colour, x: number): Mark[] {
  return [
    area(circle(x, -190, 27), lighten(coat, 0.22)),
    line(`M${x - 22},-186Q${x},-168 ${x + 22},-186`, '#241a26', 4.5),
    line(`M${x - 10},-178l-4,8M${x},-175v9M${x + 10},-178l4,8`, '#241a26', 2.4),
  ]
}

function eyes({ eyes: kind, iris, coat }: Pose): Mark[] {
  if (kind === 'wink') return [...openEye(iris, -37), ...closedEye(coat, 37)]
  const lids = [-37, 37].flatMap((x) => [
    area(
      `M${x - 28},-190C${x - 28},-227 ${x + 28},-227 ${x + 28},-190Q${x},-184 ${x - 28},-190Z`,
      darken(coat, 0.12),
    ),
  ])
  return [...openEye(iris, -37), ...openEye(iris, 37), ...(kind === 'drowsy' ? lids : [])]
}

function wing(coat: Colour, kind: Pose['wings']): Mark[] {
  if (kind === 'raised') {
    const feathers = [218, 202, 186, 170, 154, 138].map((degrees, index) => {
      const [x, y] = polar(-66, -112, 84 - index * 5, degrees)
      return area(
        ellipse(x, y, 58 - index * 4, 17, degrees),
        darken(coat, 0.1 + (index % 2) * 0.12),
      )
    })
    const coverts = [214, 190, 166, 142].map((degrees) => {
      const [x, y] = polar(-66, -112, 38, degrees)
      return area(ellipse(x, y, 36, 14, degrees), darken(coat, 0.04))
    })
    return [...feathers, ...coverts, area(ellipse(-72, -108, 26, 40, 20), coat)]
  }
  const d = 'M-80,-156C-116,-116 -120,-40 -74,6C-56,-14 -50,-60 -58,-110Z'
  const feathers = [-104, -76, -48, -20].map((y) => `M-104,${y}q12,14 22,2q10,12 20,0`).join('')
  return [area(d, darken(coat, 0.16)), within(d, [line(feathers, darken(coat, 0.42), 2.6)])]
}

/** Perched on y = 0, about 290 tall, looking at the viewer. */
function owl(pose: Pose): Mark[] {
  const { coat, belly } = pose
  const body =
    'M-92,-118C-100,-214 -72,-268 0,-268C72,-268 100,-214 92,-118C88,-36 54,6 0,8C-54,6 -88,-36 -92,-118Z'
  const chest = ellipse(0, -72, 60, 82)
  const scallops = [-126, -102, -78, -54, -30, -6].map((y, row) =>
    [-44, -22, 0, 22, 44].map((x) => `M${x - 9 + (row % 2) * 11},${y}q9,13 18,0`).join(''),
  )
  const tuft = [
    area('M-86,-206C-98,-240 -104,-276 -100,-302C-76,-290 -50,-274 -26,-258Z', darken(coat, 0.1)),
    shade(
      'M-84,-226C-90,-250 -92,-268 -90,-284C-74,-276 -60,-266 -48,-256Z',
      darken(coat, 0.5),
      0.5,
    ),
  ]
  const toes = [-46, -32, -18].map((x) => area(ellipse(x, 6, 8, 15), '#e8a23c'))
  return [
    area('M-34,-10L-26,62Q0,74 26,62L34,-10Z', darken(coat, 0.26)),
    line('M-12,20L-10,60M12,20L10,60', darken(coat, 0.45), 2.4),
    ...(pose.tufts ? mirrored(tuft) : []),
    area(body, coat),
    within(body, [
      shade('M40,-280C70,-180 70,-60 30,20H120V-280Z', darken(coat, 0.6), 0.16),
      shade('M-30,-270Q0,-220 30,-270L22,-230L0,-206L-22,-230Z', darken(coat, 0.4), 0.35),
      shade(
        `${circle(-60, -250, 3)}${circle(-40, -258, 3)}${circle(40, -258, 3)}${circle(60, -250, 3)}${circle(0, -252, 3)}`,
        lighten(coat, 0.8),
        0.7,
      ),
    ]),
    area(chest, belly),
    within(chest, [line(scallops.join(''), darken(belly, 0.38), 3)]),
    ...mirrored(wing(coat, pose.wings)),
    ...mirrored([
      area(ellipse(-39, -190, 47, 49), lighten(belly, 0.3)),
      line('M-62,-160l-10,8M-52,-150l-6,10M-74,-174l-10,4', darken(belly, 0.32), 2.4),
    ]),
    ...eyes(pose),
    ...mirrored([line('M-80,-220Q-52,-246 -14,-234', darken(coat, 0.42), 6)]),
    area('M-14,-178Q0,-188 14,-178Q12,-150 0,-142Q-12,-150 -14,-178Z', '#f0a63a'),
    shade('M2,-182Q12,-180 14,-176Q12,-150 2,-144Z', '#b96f1f', 0.4),
    ...mirrored(toes),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const forest = (count: number, y: number, tall: number) =>
    Array.from({ length: count }, (_, index) =>
      pine(
        random,
        palette,
        (640 / count) * (index + random.between(0.3, 0.7)),
        y,
        tall * random.between(0.75, 1.2),
      ),
    ).flat()
  return {
    horizon: 330,
    light: pose.light,
    far: [
      ...clouds(stage, 3, pose.light, 150),
      ...birds(random, palette.pine, pose.at.x > 320 ? 150 : 480, 180, 4),
      hills(random, 300, 26, palette.far),
      ...forest(11, 352, 110),
      hills(random, 350, 16, palette.middle),
    ],
    middle: [
      ...forest(6, 440, 190),
      hills(random, 436, 14, palette.near),
      ...bough(random, palette, 372),
    ],
    subject: [place(owl(pose), pose.at)],
    front: [
      ...[random.between(-4, 20), random.between(610, 640)].flatMap((x) =>
        [150, 96, 40].flatMap((turn) => leafAt(palette, x, 0, 90, turn)),
      ),
      ...[-10, 40, 600, 650].flatMap((x) =>
        pine(random, palette, x, 520, random.between(120, 160)),
      ),
    ],
  }
}

export const owlSubject: Subject = {
  name: 'owl',
  category: 'animal',
  descriptions: {
    flat: 'A brown owl with big amber eyes sits on a branch above a pine forest.',
    watercolour: 'A drowsy tawny owl dozes on a leafy branch, in warm watercolour.',
    'cartoon outline': 'A purple owl winks and spreads its wings, inked like the hero of a comic.',
    sunset: 'A horned owl wakes on its branch as the sun goes down behind the pines.',
    night: 'An owl with glowing eyes keeps watch from its branch on a starry night.',
    pencil: 'A snowy owl raises its wings on a branch, drawn in fine pencil lines.',
  },
  compose,
}
