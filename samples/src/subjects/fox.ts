import { darken, lighten, type Colour } from '../colour.ts'
import { area, line, mirrored, place, shade, within, type Mark, type Placement } from '../marks.ts'
import { ellipse, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { ground, hills } from '../scenery/land.ts'
import { fern, pine, tree, verge } from '../scenery/plants.ts'
import { birds, clouds } from '../scenery/sky.ts'

interface Pose {
  readonly fur: Colour
  readonly asleep: boolean
  readonly tilt: number
  readonly at: Placement
  readonly light: Point
}

const poses: Record<Style, Pose> = {
  flat: {
    fur: '#ee7f3b',
    asleep: false,
    tilt: 0,
    at: { x: 310, y: 424, scale: 1.06 },
    light: [510, 110],
  },
  watercolour: {
    fur: '#d9783f',
    asleep: false,
    tilt: -7,
    at: { x: 350, y: 420, scale: 1, flip: true },
    light: [140, 104],
  },
  'cartoon outline': {
    fur: '#ff8a2b',
    asleep: false,
    tilt: 8,
    at: { x: 300, y: 426, scale: 1.1 },
    light: [540, 86],
  },
  sunset: {
    fur: '#e07a3a',
    asleep: false,
    tilt: 0,
    at: { x: 250, y: 424, scale: 1 },
    light: [470, 0],
  },
  night: {
    fur: '#e2813f',
    asleep: true,
    tilt: 0,
    at: { x: 330, y: 416, scale: 1.3 },
    light: [510, 92],
  },
  pencil: {
    fur: '#d0743a',
    asleep: true,
    tilt: 0,
    at: { x: 320, y: 412, scale: 1.3, flip: true },
    light: [110, 88],
  },
}

const cream = '#fdf3e0'
const dark = '#3b2a33'

/** Seen from in front; the chin is near y = 0 and the ears reach 190 above it. */
function head(fur: Colour, asleep: boolean): Mark[] {
  const face =
    'M-98,-92C-84,-124 -46,-132 0,-132C46,-132 84,-124 98,-92C96,-62 54,-24 14,-4Q0,3 -14,-4C-54,-24 -96,-62 -98,-92Z'
  const ear = [
    area('M-86,-104C-96,-146 -98,-172 -90,-196C-64,-182 -40,-160 -24,-126Z', fur),
    shade('M-79,-122C-84,-146 -85,-160 -82,-174C-66,-163 -52,-149 -42,-132Z', dark, 0.9),
  ]
  const cheek = [shade('M-100,-90C-70,-84 -40,-78 -22,-52C-14,-38 -12,-22 0,-16V10H-60Z', cream, 1)]
  const eye = asleep
    ? [line('M-50,-62Q-38,-52 -26,-60', dark, 4)]
    : [
        area(ellipse(-37, -68, 9, 11), dark),
        shade(ellipse(-34, -72, 3, 3.6), '#ffffff', 1),
        line('M-52,-82Q-42,-90 -30,-85', darken(fur, 0.4), 3),
      ]
  return [
    ...mirrored(ear),
    area(face, fur),
    within(face, [
      ...mirrored(cheek),
      shade('M-14,-140C-12,-110 -8,-90 0,-72C8,-90 12,-110 14,-140Z', darken(fur, 0.35), 0.4),
      shade(ellipse(0, -6, 70, 16), darken(cream, 0.5), 0.16),
    ]),
    ...mirrored(eye),
    line('M0,-18V-9M0,-9Q-9,0 -18,-7M0,-9Q9,0 18,-7', dark, 2.6),
    area('M-15,-27Q0,-37 15,-27Q12,-14 0,-13Q-12,-14 -15,-27Z', dark),
    shade(ellipse(-4, -26, 4, 2.2), '#ffffff', 0.7),
  ]
}

function sitting({ fur, tilt }: Pose): Mark[] {
  const tail =
    'M30,-12C96,10 176,-12 190,-88C198,-134 176,-176 146,-192C152,-160 128,-146 120,-112C112,-80 92,-62 44,-62Z'
  const body = 'M-64,-2C-88,-50 -74,-130 -46,-176H46C74,-130 88,-50 64,-2Z'
  const bib =
    'M-40,-180C-50,-130 -34,-104 -22,-96L-14,-70L0,-84L14,-70L22,-96C34,-104 50,-130 40,-180Z'
  const leg = [
    area('M-40,-112C-46,-70 -42,-30 -42,-8Q-42,2 -26,2Q-6,2 -6,-8C-4,-50 -4,-80 -6,-112Z', fur),
    shade(
      'M-43,-44C-43,-30 -42,-20 -42,-8Q-42,2 -26,2Q-6,2 -6,-8L-5,-44Q-24,-34 -43,-44Z',
      dark,
      1,
    ),
    line('M-31,-6V2M-19,-6V2', lighten(dark, 0.3), 1.8),
  ]
  const haunch = [area('M-46,-2C-96,6 -108,-40 -84,-74C-62,-92 -40,-70 -38,-36Z', fur)]
  return [
    shade(ellipse(40, 0, 160, 14), '#1f1a2e', 0.25),
    area(tail, fur),
    within(tail, [
      shade('M100,-210H220V-112C190,-134 176,-112 160,-130C146,-140 136,-128 108,-120Z', cream, 1),
      shade('M20,-20C96,-6 150,-24 172,-90L210,-60L150,40H20Z', darken(fur, 0.5), 0.22),
    ]),
    area(body, fur),
    within(body, [shade('M26,-180C56,-120 60,-60 40,0H100V-180Z', darken(fur, 0.5), 0.2)]),
    ...mirrored(haunch),
    ...mirrored(leg),
    area(bib, cream),
    place(head(fur, false), { x: 0, y: -148, turn: tilt }),
  ]
}

function sleeping({ fur }: Pose): Mark[] {
  const body =
    'M-148,-6C-170,-70 -110,-140 -10,-142C90,-142 160,-90 150,-20C148,2 120,6 60,6L-100,6Q-140,6 -148,-6Z'
  const tail =
    'M146,-50C168,-14 140,22 60,22C0,24 -50,18 -84,2C-60,-6 -40,-26 0,-30C60,-38 110,-20 146,-50Z'
  return [
    shade(ellipse(0, 12, 178, 16), '#1f1a2e', 0.28),
    area(body, fur),
    within(body, [
      shade(ellipse(40, -4, 150, 46), darken(fur, 0.5), 0.24),
      shade(ellipse(20, -134, 90, 14, 4), lighten(fur, 0.6), 0.35),
    ]),
    line('M104,-30C70,-66 90,-104 124,-104', darken(fur, 0.3), 3),
    area(tail, fur),
    within(tail, [
      shade('M-100,30H-24C-30,10 -14,4 -22,-10C-12,-22 -20,-28 -16,-40H-100Z', cream, 1),
      shade(ellipse(50, 26, 130, 14), darken(fur, 0.5), 0.22),
    ]),
    line('M146,-50C110,-20 60,-38 0,-30C-30,-27 -50,-14 -70,-6', darken(fur, 0.35), 2.6),
    shade(ellipse(-80, -46, 84, 62), darken(fur, 0.6), 0.3),
    place(head(fur, true), { x: -84, y: 2, scale: 0.7, turn: -9 }),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const row = (count: number, y: number, tall: number, draw: typeof pine) =>
    Array.from({ length: count }, (_, index) => {
      const x = (640 / count) * (index + 0.5) + random.between(-22, 22)
      return draw(random, palette, x, y + random.between(-6, 8), tall * random.between(0.75, 1.15))
    }).flat()
  const birches = [46, 590].flatMap((x) =>
    tree(random, palette, x + random.between(-16, 16), 392, random.between(220, 270)),
  )
  return {
    horizon: 276,
    light: pose.light,
    far: [
      ...clouds(stage, 3, pose.light, 120),
      ...birds(random, palette.pine, 320, 80, 4),
      hills(random, 216, 30, palette.far),
      hills(random, 258, 22, palette.middle),
      ...row(9, 306, 110, pine),
    ],
    middle: [
      hills(random, 322, 16, palette.near),
      ...row(4, 356, 150, pine),
      ...birches,
      ground(376, palette.grass),
      hills(random, 392, 10, palette.grass),
    ],
    subject: [place(pose.asleep ? sleeping(pose) : sitting(pose), pose.at)],
    front: [
      ...fern(random, palette.leaf, random.between(24, 60), 478, 104),
      ...fern(random, palette.pine, random.between(580, 618), 482, 116),
      ...verge(random, palette, { y: 474, height: 44, flowers: 6 }),
    ],
  }
}

export const foxSubject: Subject = {
  name: 'fox',
  category: 'animal',
  descriptions: {
    flat: 'An orange fox sits at the edge of a pine wood with its tail curled beside it.',
    watercolour: 'A russet fox tilts its head in a woodland clearing, in soft bleeding washes.',
    'cartoon outline':
      'A cheerful fox with a bushy, white-tipped tail, in thick ink and bright orange.',
    sunset: 'A fox sits among dark pines, its fur edged with gold by the setting sun.',
    night: 'A fox sleeps curled up in its tail in a moonlit forest clearing.',
    pencil: 'A sleeping fox, curled up among ferns and flowers, drawn in pencil and crayon.',
  },
  compose,
}
