import { darken, lighten, type Colour } from '../colour.ts'
import { area, line, place, shade, within, type Mark, type Placement } from '../marks.ts'
import { circle, ellipse, rect } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { hills } from '../scenery/land.ts'
import { reeds, tree } from '../scenery/plants.ts'
import { birds, clouds } from '../scenery/sky.ts'
import { lilyPad, water } from '../scenery/water.ts'

interface Plumage {
  readonly head: Colour
  readonly breast: Colour
  readonly body: Colour
  readonly wing: Colour
  readonly tail: Colour
  readonly collar?: Colour
}

const mallard: Plumage = {
  head: '#2f7d5a',
  breast: '#8a5138',
  body: '#d5cdbf',
  wing: '#a08f7d',
  tail: '#4a4148',
  collar: '#fbf7ea',
}
const white: Plumage = {
  head: '#fdf8ea',
  breast: '#fdf8ea',
  body: '#fbf4e2',
  wing: '#efe2c6',
  tail: '#f1e6cd',
}
const yellow: Plumage = {
  head: '#ffd24a',
  breast: '#ffcf43',
  body: '#ffcb3a',
  wing: '#f5b02c',
  tail: '#f2ab27',
}
const brown: Plumage = {
  head: '#a97a52',
  breast: '#b78a5f',
  body: '#9a6d48',
  wing: '#7d5438',
  tail: '#65422c',
}

interface Pose {
  readonly plumage: Plumage
  readonly at: Placement
  readonly ducklings: number
  readonly light: readonly [number, number]
}

const poses: Record<Style, Pose> = {
  flat: { plumage: yellow, at: { x: 330, y: 372, scale: 1.25 }, ducklings: 0, light: [150, 130] },
  watercolour: {
    plumage: mallard,
    at: { x: 300, y: 362, scale: 1.15, flip: true },
    ducklings: 0,
    light: [500, 100],
  },
  'cartoon outline': {
    plumage: white,
    at: { x: 400, y: 360, scale: 1.12 },
    ducklings: 2,
    light: [110, 90],
  },
  sunset: { plumage: mallard, at: { x: 250, y: 376, scale: 1.1 }, ducklings: 0, light: [500, 0] },
  night: {
    plumage: white,
    at: { x: 330, y: 380, scale: 1.05, flip: true },
    ducklings: 1,
    light: [150, 96],
  },
  pencil: { plumage: brown, at: { x: 390, y: 358, scale: 1.1 }, ducklings: 2, light: [540, 84] },
}

const bill = '#f2902f'

const body =
  'M-160,-100C-142,-84 -118,-80 -92,-84C-54,-92 -18,-94 16,-86C44,-92 58,-112 84,-122C112,-112 134,-78 130,-44C126,-14 104,4 74,8L-78,8C-124,4 -148,-48 -160,-100Z'
const head =
  'M36,-92C48,-104 54,-112 50,-124C36,-134 30,-148 30,-160C30,-188 54,-208 84,-208C114,-208 138,-188 138,-160C138,-142 130,-130 122,-120C120,-108 122,-100 124,-92C100,-100 66,-100 36,-92Z'

/** Swimming to the right; its waterline is y = 0 and its length about 290. */
function duck(plumage: Plumage): Mark[] {
  const wing =
    'M-96,-66C-70,-88 -10,-92 34,-74C52,-60 44,-34 16,-22C-24,-10 -66,-16 -104,-40C-92,-44 -88,-48 -86,-52C-96,-54 -100,-60 -96,-66Z'
  return [
    area(
      'M-120,-72C-140,-96 -160,-112 -176,-116C-168,-104 -168,-98 -170,-90C-160,-92 -154,-88 -152,-82C-158,-76 -152,-64 -126,-48Z',
      plumage.tail,
    ),
    area(body, plumage.body),
    within(body, [
      shade(ellipse(118, -56, 58, 74), plumage.breast, 1),
      shade(ellipse(-20, 22, 150, 40), darken(plumage.body, 0.5), 0.2),
      shade(ellipse(-60, -92, 70, 12, -4), lighten(plumage.body, 0.7), 0.5),
    ]),
    area(wing, plumage.wing),
    within(wing, [
      shade('M-92,-30C-40,-20 10,-26 40,-50L50,0L-100,0Z', darken(plumage.wing, 0.5), 0.22),
      ...(plumage.collar
        ? [
            shade('M-70,-34L-22,-24L-8,-42L-58,-54Z', '#3d63a8', 0.95),
            shade('M-74,-36L-22,-22L-20,-28L-70,-42Z', '#fbf7ea', 0.9),
          ]
        : []),
    ]),
    line('M-62,-62C-30,-74 0,-72 26,-60', darken(plumage.wing, 0.3), 2.6),
    line('M-70,-46C-36,-56 -2,-54 20,-44', darken(plumage.wing, 0.3), 2.6),
    area(
      'M134,-168C150,-176 172,-170 190,-158C194,-152 190,-148 182,-146C164,-140 148,-140 136,-142Z',
      bill,
    ),
    area('M136,-146C152,-142 166,-142 178,-145C172,-134 150,-128 134,-134Z', darken(bill, 0.18)),
    area(head, plumage.head),
    within(head, [
      shade(ellipse(84, -118, 62, 30), darken(plumage.head, 0.6), 0.16),
      shade(ellipse(74, -182, 26, 14, -24), lighten(plumage.head, 0.75), 0.45),
      ...(plumage.collar
        ? [
            shade(
              'M30,-108C60,-98 100,-96 140,-106L140,-94C100,-86 60,-88 30,-98Z',
              plumage.collar,
              1,
            ),
          ]
        : []),
    ]),
    shade(ellipse(92, -138, 13, 8), '#ee7f66', plumage === mallard ? 0 : 0.4),
    area(circle(108, -162, 9.5), '#241d2c'),
    shade(circle(111.5, -165.5, 3.2), '#ffffff', 1),
    line('M150,-158L156,-156', darken(bill, 0.5), 2.4),
  ]
}

/** The duck upside down in the water: its own outline, broken by level bands. */
const reflection = (plumage: Plumage, at: Placement): Mark[] => [
  place([shade(body, plumage.body, 0.34), shade(head, plumage.head, 0.3)], {
    ...at,
    stretch: -0.55,
  }),
  place(
    [
      shade(ellipse(-10, 8, 160, 12), '#14304a', 0.25),
      shade(
        `${rect(-150, 26, 300, 4, 2)}${rect(-110, 46, 270, 4, 2)}${rect(0, 70, 170, 4, 2)}`,
        '#eef8f6',
        0.28,
      ),
    ],
    at,
  ),
]

const rings = (at: Placement, colour: Colour): Mark[] =>
  [1, 1.28].map((wide) => {
    const [rx, ry, y] = [176 * (at.scale ?? 1) * wide, 20 * wide, at.y + 6]
    return line(
      `M${at.x - rx},${y}C${at.x - rx},${y + ry} ${at.x + rx},${y + ry} ${at.x + rx},${y}`,
      colour,
      2.6,
    )
  })

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const horizon = 236
  const direction = pose.at.flip ? 1 : -1
  const ducklings = Array.from({ length: pose.ducklings }, (_, index) =>
    place(duck(yellow), {
      x: pose.at.x + direction * (232 + index * 76),
      y: pose.at.y + 18 + (index % 2) * 24,
      scale: 0.36 - index * 0.03,
      flip: pose.at.flip ?? false,
    }),
  )
  return {
    horizon,
    light: pose.light,
    far: [
      ...clouds(stage, 4, pose.light, 130),
      ...birds(random, palette.pine, 420, 90, 4),
      hills(random, 196, 26, palette.far),
      hills(random, 220, 14, palette.middle),
      ...[30, 92, 560, 618].flatMap((x) =>
        tree(random, palette, x + random.between(-14, 14), 242, random.between(84, 124)),
      ),
    ],
    middle: [
      ...water(stage, horizon, pose.light[0]),
      ...reeds(random, palette, 44, 272, 96),
      ...reeds(random, palette, 604, 282, 110),
      ...lilyPad(random, stage, random.between(90, 160), 286, 26),
      ...lilyPad(random, stage, random.between(470, 540), 300, 30),
      ...reflection(pose.plumage, pose.at),
    ],
    subject: [place(duck(pose.plumage), pose.at), ...ducklings],
    front: [
      ...rings(pose.at, palette.shimmer),
      ...lilyPad(random, stage, 90, 436, 52),
      ...lilyPad(random, stage, random.between(500, 560), 446, 60),
      ...reeds(random, palette, random.between(-4, 30), 500, 190),
    ],
  }
}

export const duckSubject: Subject = {
  name: 'duck',
  category: 'animal',
  descriptions: {
    flat: 'A bright yellow duck floats on a calm pond among lily pads, under a pale ringed sun.',
    watercolour:
      'A green-headed mallard swims past the bulrushes in soft washes of lilac and blue.',
    'cartoon outline': 'A white duck leads two yellow ducklings across a pond, in bold ink lines.',
    sunset: 'A mallard drifts on a pond that glows pink and gold as the sun goes down.',
    night: 'A white duck and its duckling cross a moonlit pond beneath a sky full of stars.',
    pencil: 'A brown duck swims ahead of two ducklings, sketched in pencil and crayon.',
  },
  compose,
}
