import { darken, lighten, type Colour } from '../colour.ts'
import { area, lamp, line, place, shade, within, type Mark, type Placement } from '../marks.ts'
import { circle, ellipse, polar, rect, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { ladybird, snail } from '../scenery/creatures.ts'
import { ground, hills } from '../scenery/land.ts'
import { fern, pine, verge } from '../scenery/plants.ts'
import { clouds } from '../scenery/sky.ts'

interface Pose {
  readonly cap: Colour
  readonly home: boolean
  readonly guest: 'snail' | 'ladybird' | 'none'
  readonly at: Placement
  readonly small: readonly Placement[]
  readonly light: Point
}

const poses: Record<Style, Pose> = {
  flat: {
    cap: '#e0483f',
    home: false,
    guest: 'snail',
    at: { x: 300, y: 420, scale: 1.06 },
    small: [
      { x: 486, y: 430, scale: 0.44, turn: 6 },
      { x: 148, y: 434, scale: 0.32, turn: -6 },
    ],
    light: [520, 100],
  },
  watercolour: {
    cap: '#c9603f',
    home: false,
    guest: 'none',
    at: { x: 370, y: 416, scale: 0.98, turn: 3 },
    small: [
      { x: 190, y: 426, scale: 0.6, turn: -7 },
      { x: 512, y: 436, scale: 0.34, turn: 8 },
    ],
    light: [120, 100],
  },
  'cartoon outline': {
    cap: '#ff3f4a',
    home: true,
    guest: 'snail',
    at: { x: 320, y: 424, scale: 1.02 },
    small: [{ x: 120, y: 436, scale: 0.4, turn: -5 }],
    light: [556, 80],
  },
  sunset: {
    cap: '#d98f3f',
    home: false,
    guest: 'ladybird',
    at: { x: 250, y: 420, scale: 1.04, turn: -3 },
    small: [{ x: 420, y: 434, scale: 0.5, turn: 5 }],
    light: [486, 0],
  },
  night: {
    cap: '#d9504f',
    home: true,
    guest: 'none',
    at: { x: 330, y: 420, scale: 1 },
    small: [
      { x: 506, y: 434, scale: 0.42, turn: 6 },
      { x: 150, y: 430, scale: 0.5, turn: -4 },
    ],
    light: [158, 90],
  },
  pencil: {
    cap: '#b9744a',
    home: false,
    guest: 'ladybird',
    at: { x: 290, y: 418, scale: 1.04, turn: 2 },
    small: [
      { x: 470, y: 430, scale: 0.54, turn: 4 },
      { x: 540, y: 440, scale: 0.34, turn: 9 },
    ],
    light: [100, 84],
  },
}

const flesh = '#fbf1dc'

const spots: readonly (readonly [number, number, number, number])[] = [
  [-92, -214, 22, 17],
  [-28, -268, 25, 17],
  [-18, -200, 29, 22],
  [62, -252, 22, 16],
  [56, -186, 17, 12],
  [112, -206, 19, 16],
  [-138, -174, 12, 9],
  [-70, -168, 13, 9],
  [146, -168, 9, 7],
  [22, -304, 12, 6],
  [8, -160, 10, 6],
]

function door(): Mark[] {
  const windowAt = (x: number, y: number) => [
    area(circle(x, y, 17), '#8a5a3f'),
    lamp(circle(x, y, 13), '#cfe9f2', '#ffd56b', { x, y, reach: 58 }),
    line(`M${x - 13},${y}h26M${x},${y - 13}v26`, '#8a5a3f', 3),
  ]
  return [
    area('M-26,4V-44Q-26,-72 0,-72Q26,-72 26,-44V4Z', '#8a5a3f'),
    line('M-9,0V-68M9,0V-68', '#5f3a2a', 2),
    area(circle(17, -30, 3.6), '#f3c23c'),
    ...windowAt(4, -108),
    area('M-34,4H34L40,14H-40Z', '#b3a8a0'),
  ]
}

function chimney(): Mark[] {
  return [
    area(rect(70, -330, 30, 64), '#b7685a'),
    area(rect(64, -336, 42, 12, 3), '#9c5348'),
    area(circle(92, -356, 10), '#f3eee4'),
    area(circle(104, -378, 14), '#f3eee4'),
  ]
}

/** A toadstool rooted at y = 0, about 310 tall and 350 wide. */
function toadstool(cap: Colour, home: boolean): Mark[] {
  const stem = 'M-58,6C-78,-44 -50,-110 -42,-168H42C50,-110 78,-44 58,6Q0,20 -58,6Z'
  const dome =
    'M-178,-152C-184,-250 -98,-318 0,-318C98,-318 184,-250 178,-152C176,-128 90,-118 0,-118C-90,-118 -176,-128 -178,-152Z'
  const gills = Array.from({ length: 15 }, (_, index) => {
    const [x, y] = polar(0, -150, 150, 6 + index * 12)
    return `M0,-168L${Math.round(x)},${Math.round(-150 + (y + 150) * 0.2)}`
  })
  const under = ellipse(0, -146, 158, 30)
  return [
    shade(ellipse(20, 8, 130, 14), '#1f1a2e', 0.28),
    ...(home ? chimney() : []),
    area(stem, flesh),
    within(stem, [
      shade('M18,-170C20,-110 40,-50 20,20H90V-170Z', darken(flesh, 0.5), 0.2),
      shade(ellipse(0, -128, 60, 26), darken(flesh, 0.5), 0.24),
      line(
        'M-30,-90Q-36,-40 -34,-6M-12,-80Q-14,-50 -12,-30M34,-70Q40,-30 38,-4',
        darken(flesh, 0.22),
        1.8,
      ),
    ]),
    area(dome, cap),
    within(dome, [
      shade(under, darken(flesh, 0.12), 1),
      line(gills.join(''), darken(flesh, 0.34), 2),
    ]),
    area(
      'M-178,-156C-178,-250 -98,-318 0,-318C98,-318 178,-250 178,-156C176,-170 90,-150 0,-150C-90,-150 -176,-170 -178,-156Z',
      cap,
    ),
    within(
      'M-178,-156C-178,-250 -98,-318 0,-318C98,-318 178,-250 178,-156C176,-170 90,-150 0,-150C-90,-150 -176,-170 -178,-156Z',
      [
        shade('M60,-330C140,-270 140,-190 80,-140H200V-330Z', darken(cap, 0.6), 0.24),
        shade(ellipse(-74, -262, 54, 20, -34), lighten(cap, 0.7), 0.4),
      ],
    ),
    ...spots.map(([x, y, rx, ry]) => area(ellipse(x, y, rx, ry, x * 0.14), '#fff6e4')),
    area(
      'M-48,-122C-66,-104 -66,-92 -60,-84C-48,-92 -40,-84 -30,-78C-18,-88 -8,-82 0,-76C8,-82 18,-88 30,-78C40,-84 48,-92 60,-84C66,-92 66,-104 48,-122Q0,-110 -48,-122Z',
      lighten(flesh, 0.4),
    ),
    ...(home ? door() : []),
  ]
}

function guest({ guest: kind, at }: Pose): Mark[] {
  if (kind === 'snail') return [place(snail(), { x: at.x + 150, y: 452, scale: 0.95 })]
  if (kind === 'ladybird')
    return [place(ladybird(), { x: at.x - 60, y: at.y - 294, scale: 1, turn: -22 })]
  return []
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const trunks = [-10, 84, 204, 432, 540, 640].flatMap((x) => {
    const left = x + random.between(-20, 20)
    const width = random.between(26, 46)
    const d = `M${Math.round(left)},-10Q${Math.round(left + 8)},240 ${Math.round(left - 12)},400H${Math.round(left + width + 14)}Q${Math.round(left + width - 6)},240 ${Math.round(left + width)},-10Z`
    return [
      area(d, palette.trunk),
      within(d, [
        shade(rect(left + width * 0.55, -10, width, 420), darken(palette.trunk, 0.6), 0.2),
      ]),
    ]
  })
  const open = style === 'sunset' || style === 'flat' || style === 'cartoon outline'
  const wood = open
    ? [0, 1, 2, 3, 4, 5, 6, 7].flatMap((index) =>
        pine(random, palette, index * 90 + random.between(-20, 20), 352, random.between(110, 190)),
      )
    : trunks
  return {
    horizon: 290,
    light: pose.light,
    far: [
      ...clouds(stage, 3, pose.light, 110),
      hills(random, 250, 30, palette.far),
      hills(random, 292, 20, palette.middle),
    ],
    middle: [
      ...wood,
      hills(random, 348, 16, palette.near),
      ...fern(random, palette.pine, 60, 396, 120),
      ...fern(random, palette.pine, 584, 392, 130),
      hills(random, 392, 12, palette.grass),
      ground(440, palette.grass),
    ],
    subject: [
      ...pose.small.map((at) => place(toadstool(pose.cap, false), at)),
      place(toadstool(pose.cap, pose.home), pose.at),
      ...guest(pose),
    ],
    front: [
      ...fern(random, palette.leaf, random.between(14, 40), 486, 108),
      ...fern(random, palette.leaf, random.between(600, 630), 488, 100),
      ...verge(random, palette, { y: 476, height: 40, flowers: 5 }),
    ],
  }
}

export const mushroomSubject: Subject = {
  name: 'mushroom',
  category: 'plant',
  descriptions: {
    flat: 'A red toadstool with white spots stands in a clearing while a snail slips by.',
    watercolour: 'Three russet toadstools lean among ferns and tree trunks, in misty watercolour.',
    'cartoon outline':
      'A toadstool house with a front door, a chimney and a snail for a neighbour, in comic ink.',
    sunset: 'A ladybird climbs a spotted toadstool as the sun sets behind the pines.',
    night: 'A toadstool house with a glowing window lights up the forest floor at night.',
    pencil: 'Three brown toadstools and a ladybird between old trunks, sketched in pencil.',
  },
  compose,
}
