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
import { circle, ellipse, rect, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { butterfly } from '../scenery/creatures.ts'
import { hills } from '../scenery/land.ts'
import { tree } from '../scenery/plants.ts'
import { birds, clouds } from '../scenery/sky.ts'
import { street } from '../scenery/town.ts'
import { pot, wall } from '../scenery/wall.ts'

interface Coat {
  readonly base: Colour
  readonly bib: Colour
  readonly marking: Colour
  readonly kind: 'tabby' | 'plain' | 'patched' | 'pointed'
}

interface Pose {
  readonly coat: Coat
  readonly iris: Colour
  readonly collar: Colour
  readonly tail: 'hanging' | 'raised'
  readonly tilt: number
  readonly at: Placement
  readonly light: Point
  readonly view: 'garden' | 'town'
}

const ginger: Coat = { base: '#ee9a4a', bib: '#fdf3e0', marking: '#c9682c', kind: 'tabby' }
const grey: Coat = { base: '#9aa0ac', bib: '#f4f3f0', marking: '#646a7a', kind: 'tabby' }
const black: Coat = { base: '#3a3644', bib: '#3a3644', marking: '#24212e', kind: 'plain' }
const tuxedo: Coat = { base: '#35323f', bib: '#fdf8f0', marking: '#24212e', kind: 'plain' }
const calico: Coat = { base: '#fbf3e4', bib: '#fffaf0', marking: '#e08a3f', kind: 'patched' }
const siamese: Coat = { base: '#ecdcc2', bib: '#f6ecd8', marking: '#6b4a3f', kind: 'pointed' }

const poses: Record<Style, Pose> = {
  flat: {
    coat: ginger,
    iris: '#7fae4a',
    collar: '#3f8f9f',
    tail: 'hanging',
    tilt: 0,
    at: { x: 310, y: 372, scale: 1.06 },
    light: [520, 100],
    view: 'garden',
  },
  watercolour: {
    coat: calico,
    iris: '#c99a3f',
    collar: '#b9504f',
    tail: 'raised',
    tilt: -8,
    at: { x: 350, y: 370, scale: 1.02, flip: true },
    light: [130, 100],
    view: 'garden',
  },
  'cartoon outline': {
    coat: tuxedo,
    iris: '#9fe04a',
    collar: '#ff4f5e',
    tail: 'raised',
    tilt: 7,
    at: { x: 310, y: 376, scale: 1.04 },
    light: [552, 84],
    view: 'town',
  },
  sunset: {
    coat: siamese,
    iris: '#6fb4e0',
    collar: '#c9483f',
    tail: 'hanging',
    tilt: 0,
    at: { x: 230, y: 372, scale: 1.04 },
    light: [470, 0],
    view: 'garden',
  },
  night: {
    coat: black,
    iris: '#ffd93f',
    collar: '#d9584f',
    tail: 'hanging',
    tilt: 0,
    at: { x: 370, y: 374, scale: 1.06, flip: true },
    light: [140, 96],
    view: 'town',
  },
  pencil: {
    coat: grey,
    iris: '#8fae5a',
    collar: '#b9604a',
    tail: 'hanging',
    tilt: 9,
    at: { x: 320, y: 372, scale: 1.04 },
    light: [96, 84],
    view: 'garden',
  },
}

function faceMarks({ kind, marking, base }: Coat): Mark[] {
  if (kind === 'tabby') {
    return [
      shade(
        'M-5,-132L0,-96L5,-132ZM-26,-130L-16,-100L-14,-130ZM26,-130L16,-100L14,-130Z',
        marking,
        0.95,
      ),
      ...mirrored([shade('M-92,-66L-58,-60L-92,-54ZM-90,-44L-60,-44L-84,-34Z', marking, 0.95)]),
    ]
  }
  if (kind === 'patched')
    return [
      shade(ellipse(-54, -104, 56, 50, 20), marking, 1),
      shade(ellipse(66, -112, 40, 44, -20), '#4a4048', 1),
    ]
  if (kind === 'pointed') return [shade(ellipse(0, -46, 50, 46), marking, 0.85)]
  return [shade(ellipse(0, -120, 60, 22), lighten(base, 0.3), 0.25)]
}

/** The chin is at y = 0 and the tips of the ears 178 above it. */
function head({ coat, iris }: Pose): Mark[] {
  const { base, marking, bib, kind } = coat
  const face =
    'M-88,-62C-92,-112 -54,-134 0,-134C54,-134 92,-112 88,-62C84,-18 44,2 0,2C-44,2 -84,-18 -88,-62Z'
  const earColour = kind === 'pointed' ? marking : base
  const ear = [
    area('M-84,-82C-92,-124 -90,-156 -82,-178C-58,-166 -34,-146 -20,-124Z', earColour),
    shade('M-75,-104C-80,-130 -79,-146 -76,-158C-62,-150 -48,-138 -38,-124Z', '#e9a39a', 0.85),
  ]
  const eye = [
    lamp(ellipse(-36, -70, 18, 17), iris, iris, { x: -36, y: -70, reach: 34 }),
    area(ellipse(-36, -70, 7, 14), '#1f1a26'),
    shade(circle(-32, -77, 4), '#ffffff', 1),
  ]
  const whisker = [
    line(
      'M-40,-34Q-76,-42 -112,-36M-40,-28Q-76,-28 -110,-16M-40,-22Q-70,-14 -98,2',
      kind === 'plain' ? '#e8e4ee' : darken(base, 0.25),
      1.8,
    ),
  ]
  return [
    ...mirrored(ear),
    area(face, base),
    within(face, [
      ...faceMarks(coat),
      shade(
        ellipse(0, -20, kind === 'pointed' ? 0 : 40, 30),
        bib,
        kind === 'plain' && bib === base ? 0 : 1,
      ),
      shade(ellipse(0, 4, 80, 18), darken(base, 0.5), 0.16),
    ]),
    ...mirrored(eye),
    ...mirrored(whisker),
    line('M0,-36V-26M0,-26Q-9,-14 -20,-22M0,-26Q9,-14 20,-22', darken(base, 0.65), 2.8),
    area('M-11,-46Q0,-51 11,-46Q8,-36 0,-34Q-8,-36 -11,-46Z', '#e58a86'),
  ]
}

function bodyMarks({ kind, marking }: Coat): Mark[] {
  if (kind === 'tabby') {
    return mirrored([
      shade(
        'M-96,-128L-52,-118L-98,-108ZM-100,-92L-54,-84L-100,-72ZM-104,-56L-60,-50L-104,-36Z',
        marking,
        0.95,
      ),
    ])
  }
  if (kind === 'patched')
    return [
      shade(ellipse(-66, -64, 42, 56, 12), marking, 1),
      shade(ellipse(64, -120, 34, 50), '#4a4048', 1),
    ]
  return []
}

function tail({ coat, tail: kind }: Pose): Mark[] {
  const { base, marking } = coat
  const d =
    kind === 'hanging'
      ? 'M40,-34C92,-30 124,-10 122,34C122,58 106,70 106,88C106,98 112,104 118,108C108,116 88,110 86,90C84,62 100,52 98,32C96,12 72,4 36,2Z'
      : 'M40,-34C96,-26 128,-60 124,-112C122,-140 130,-158 146,-162C156,-164 162,-156 158,-148C150,-136 152,-124 152,-104C152,-40 108,10 36,2Z'
  const rings =
    kind === 'hanging'
      ? [20, 46, 72, 98].map((y) => rect(76, y, 60, 11))
      : [-150, -122, -92, -62].map((y) => rect(100, y, 70, 12))
  const tip = kind === 'hanging' ? rect(70, 66, 70, 60) : rect(100, -180, 80, 66)
  return [
    area(d, base),
    within(d, [
      ...(coat.kind === 'tabby' ? [shade(rings.join(''), marking, 0.95)] : []),
      ...(coat.kind === 'pointed' || coat.kind === 'patched' ? [shade(tip, marking, 1)] : []),
    ]),
  ]
}

/** Sitting on y = 0 and facing the viewer, about 330 tall. */
function cat(pose: Pose): Mark[] {
  const { base, bib, marking, kind } = pose.coat
  const body = 'M-74,2C-96,-50 -72,-130 -44,-182H44C72,-130 96,-50 74,2Z'
  const paw = kind === 'pointed' ? marking : bib
  const leg = [
    area('M-36,-96C-40,-60 -38,-20 -40,-6Q-40,6 -22,6Q-3,6 -4,-8C-2,-40 -2,-70 -4,-96Z', base),
    shade('M-41,-20Q-42,6 -22,6Q-3,6 -4,-8L-4,-22Q-22,-32 -41,-20Z', paw, 1),
    line('M-28,-4V5M-16,-4V5', darken(paw, 0.35), 1.8),
  ]
  return [
    shade(ellipse(10, 4, 110, 10), '#1f1a2e', 0.28),
    ...tail(pose),
    area(body, base),
    within(body, [
      ...bodyMarks(pose.coat),
      shade('M30,-190C60,-120 60,-50 44,10H110V-190Z', darken(base, 0.6), 0.18),
    ]),
    ...mirrored([area('M-44,2C-96,10 -104,-36 -80,-62C-60,-76 -42,-56 -40,-28Z', base)]),
    shade('M-36,-186C-46,-130 -30,-100 0,-98C30,-100 46,-130 36,-186Z', bib, bib === base ? 0 : 1),
    ...mirrored(leg),
    area('M-50,-166Q0,-136 50,-166L48,-150Q0,-120 -48,-150Z', pose.collar),
    area(circle(0, -130, 10), '#f3c23c'),
    line('M-6,-128H6', '#b9842a', 2),
    place(head(pose), { x: 0, y: -150, turn: pose.tilt }),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const garden = [
    hills(random, 250, 28, palette.far),
    hills(random, 300, 18, palette.middle),
    ...[40, 140, 250, 420, 520, 610].flatMap((x) =>
      tree(random, palette, x + random.between(-20, 20), 392, random.between(120, 190)),
    ),
  ]
  const potX = pose.at.x > 330 ? 96 : 540
  const dark = style === 'night'
  return {
    horizon: 296,
    light: pose.light,
    far: [
      ...clouds(stage, 4, pose.light, 150),
      ...birds(random, palette.pine, pose.at.x > 320 ? 140 : 480, 150, 4),
      ...(pose.view === 'town' ? street(stage, 400, 0.9) : garden),
    ],
    middle: [...wall(random, palette, 366), ...pot(stage, potX, 370)],
    subject: [
      place(cat(pose), pose.at),
      ...(dark ? [] : butterfly(potX - 22, 216, palette.flowers[0])),
    ],
    front: [],
  }
}

export const catSubject: Subject = {
  name: 'cat',
  category: 'animal',
  descriptions: {
    flat: 'A ginger tabby sits on a garden wall next to a pot of flowers while a butterfly flits by.',
    watercolour: 'A calico cat tilts its head on a brick wall, in loose and sunny watercolour.',
    'cartoon outline': 'A tuxedo cat with green eyes poses on a wall above town, in bold ink.',
    sunset: 'A Siamese cat with blue eyes sits on a wall in the glow of the evening sun.',
    night: 'A black cat with shining yellow eyes sits on a wall above the lit windows of a town.',
    pencil: 'A grey tabby with its head to one side sits on a wall, sketched in pencil.',
  },
  compose,
}
