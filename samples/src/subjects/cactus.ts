import { darken, lighten, type Colour } from '../colour.ts'
import { area, line, place, shade, within, type Mark, type Placement } from '../marks.ts'
import { circle, ellipse, polar, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { perchedBird } from '../scenery/creatures.ts'
import { ground, hills, mesa, rock } from '../scenery/land.ts'
import { tuft } from '../scenery/plants.ts'
import { birds, clouds } from '../scenery/sky.ts'

interface Pose {
  readonly skin: Colour
  readonly bloom: Colour
  readonly arms: 'two' | 'three' | 'one'
  readonly guest: 'hat' | 'bird' | 'none'
  readonly at: Placement
  readonly light: Point
}

const poses: Record<Style, Pose> = {
  flat: {
    skin: '#4f9d69',
    bloom: '#f2766b',
    arms: 'two',
    guest: 'bird',
    at: { x: 300, y: 420, scale: 1.08 },
    light: [500, 110],
  },
  watercolour: {
    skin: '#6a9c6a',
    bloom: '#d9606a',
    arms: 'three',
    guest: 'none',
    at: { x: 360, y: 416, scale: 1.02, flip: true },
    light: [140, 110],
  },
  'cartoon outline': {
    skin: '#3fb65f',
    bloom: '#ff6fa5',
    arms: 'two',
    guest: 'hat',
    at: { x: 330, y: 424, scale: 1.06 },
    light: [104, 90],
  },
  sunset: {
    skin: '#4f8f66',
    bloom: '#ffb05f',
    arms: 'three',
    guest: 'none',
    at: { x: 230, y: 420, scale: 1.06 },
    light: [450, 0],
  },
  night: {
    skin: '#4f9d78',
    bloom: '#f6c3d8',
    arms: 'one',
    guest: 'bird',
    at: { x: 380, y: 420, scale: 1.1, flip: true },
    light: [140, 94],
  },
  pencil: {
    skin: '#6f9f62',
    bloom: '#d9707c',
    arms: 'two',
    guest: 'none',
    at: { x: 310, y: 418, scale: 1.06 },
    light: [540, 88],
  },
}

function ribbed(d: string, ribs: string, skin: Colour, dark: string): Mark[] {
  return [
    area(d, skin),
    within(d, [shade(dark, darken(skin, 0.6), 0.24), line(ribs, darken(skin, 0.28), 2.2)]),
  ]
}

/** A flower opening on `x, y`, turned by `turn` degrees. */
function bloomAt(x: number, y: number, turn: number, colour: Colour): Mark[] {
  const petals = [-60, -30, 0, 30, 60].map((lean) => {
    const [px, py] = polar(x, y, 11, turn - 90 + lean)
    return area(ellipse(px, py, 11, 5.5, turn - 90 + lean), colour)
  })
  return [...petals, area(circle(x, y - 3, 4.5), '#f6c945')]
}

function spines(): string {
  const rows = [-40, -76, -112, -148, -184, -220]
  return rows
    .flatMap((y, row) =>
      [-24, 0, 24].map((x) => `M${x + (row % 2) * 6},${y}l-5,-5m5,5l5,-5m-5,5v-7`),
    )
    .join('')
}

function hat(): Mark[] {
  return [
    area(ellipse(0, -272, 92, 19), '#f0b84a'),
    area('M-42,-276C-40,-320 -24,-340 0,-340C24,-340 40,-320 42,-276Q0,-264 -42,-276Z', '#f6c95c'),
    shade('M-42,-288Q0,-274 42,-288L42,-274Q0,-262 -42,-274Z', '#d9483f', 1),
    line('M-84,-270Q0,-246 84,-270', '#d9483f', 3),
  ]
}

/** A saguaro rooted at y = 0, about 285 tall. */
function saguaro({ skin, bloom, arms, guest }: Pose): Mark[] {
  const trunk = 'M-46,6C-50,-60 -48,-180 -46,-232C-46,-299 46,-299 46,-232C48,-180 50,-60 46,6Z'
  const left =
    'M-36,-84H-66C-104,-84 -128,-104 -128,-140V-172C-128,-206 -78,-206 -78,-172V-146Q-78,-134 -66,-134H-36Z'
  const right =
    'M36,-118H62C96,-118 118,-140 118,-176V-216C118,-248 70,-248 70,-216V-184Q70,-168 56,-168H36Z'
  const low = 'M36,-44H60C82,-44 96,-58 96,-80V-96C96,-120 60,-120 60,-96V-88Q60,-82 52,-82H36Z'
  const tall = arms !== 'one'
  return [
    shade(ellipse(60, 2, 170, 13), '#2a1c33', 0.25),
    ...ribbed(
      left,
      'M-36,-98H-64C-92,-98 -112,-112 -112,-142V-172M-36,-116H-66Q-94,-116 -95,-144V-190',
      skin,
      'M-140,-84C-100,-96 -70,-92 -30,-100V-70H-140Z',
    ),
    ...(tall
      ? ribbed(
          right,
          'M36,-134H60C84,-134 102,-150 102,-178V-216M36,-152H58Q86,-150 86,-182V-226',
          skin,
          'M100,-240H130V-120L40,-100V-126C80,-126 104,-140 100,-240Z',
        )
      : []),
    ...(arms === 'three'
      ? ribbed(
          low,
          'M36,-58H58Q82,-60 82,-82V-100',
          skin,
          'M84,-116H110V-40H40V-52C76,-52 86,-70 84,-116Z',
        )
      : []),
    ...ribbed(
      trunk,
      'M-28,6C-30,-80 -30,-180 -26,-262M-9,6C-10,-90 -10,-190 -8,-280M9,6C10,-90 10,-190 8,-280M28,6C30,-80 30,-180 26,-262',
      skin,
      'M16,-290C30,-200 26,-80 20,10H60V-290Z',
    ),
    shade(
      'M-38,-230C-36,-254 -26,-268 -14,-272C-28,-240 -30,-120 -28,0H-40C-42,-80 -40,-180 -38,-230Z',
      lighten(skin, 0.6),
      0.3,
    ),
    line(spines(), lighten(skin, 0.75), 1.5),
    ...(guest === 'hat'
      ? hat()
      : [-34, 0, 34].flatMap((turn) =>
          bloomAt(turn * 0.9, -276 + Math.abs(turn) * 0.3, turn, bloom),
        )),
    ...bloomAt(-103, -196, -8, bloom),
    ...(tall ? bloomAt(94, -239, 10, bloom) : []),
    ...(guest === 'bird' ? [place(perchedBird(), { x: arms === 'one' ? -2 : 2, y: -8 })] : []),
  ]
}

/** A prickly pear: pads growing out of pads. */
function pricklyPear(skin: Colour, bloom: Colour): Mark[] {
  const pads: readonly (readonly [number, number, number, number])[] = [
    [0, -34, 30, -6],
    [-30, -78, 24, -34],
    [26, -80, 25, 28],
    [-4, -96, 20, 4],
    [48, -112, 16, 40],
  ]
  return pads.flatMap(([x, y, size, turn]) => {
    const pad = ellipse(x, y, size * 0.82, size * 1.15, turn)
    const dots = [-0.4, 0, 0.4].flatMap((dx) =>
      [-0.5, 0, 0.5].map((dy) => circle(x + dx * size, y + dy * size, 1.5)),
    )
    return [
      area(pad, skin),
      within(pad, [
        shade(
          ellipse(x + size * 0.5, y + size * 0.3, size * 0.7, size, turn),
          darken(skin, 0.6),
          0.2,
        ),
        shade(dots.join(''), lighten(skin, 0.8), 0.9),
      ]),
      area(circle(x + turn * 0.25, y - size * 1.1, 5), bloom),
    ]
  })
}

/** A barrel cactus no taller than a hare. */
function barrel(skin: Colour, bloom: Colour): Mark[] {
  const d = ellipse(0, -28, 36, 32)
  return [
    ...ribbed(
      d,
      'M-22,0Q-34,-30 -18,-58M-8,4Q-12,-30 -6,-60M8,4Q12,-30 6,-60M22,0Q34,-30 18,-58',
      skin,
      'M12,-64Q34,-30 14,6H50V-64Z',
    ),
    ...bloomAt(0, -58, 0, bloom),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const horizon = 300
  const side = pose.at.flip ? 1 : -1
  return {
    horizon,
    light: pose.light,
    far: [
      ...clouds(stage, 3, pose.light, 130),
      ...birds(random, palette.pine, 320 - side * 40, 110, 3),
      ...mesa(random, {
        x: random.between(70, 130),
        y: 312,
        width: 300,
        height: random.between(110, 140),
        colour: palette.far,
      }),
      ...mesa(random, {
        x: random.between(540, 590),
        y: 312,
        width: 260,
        height: random.between(70, 96),
        colour: palette.far,
      }),
      ...mesa(random, {
        x: random.between(330, 430),
        y: 314,
        width: 150,
        height: random.between(50, 70),
        colour: palette.far,
      }),
    ],
    middle: [
      ground(306, palette.sand),
      hills(random, 338, 12, lighten(palette.sand, 0.18)),
      hills(random, 380, 16, palette.sand),
      ...rock(random, palette.rock, 320 - side * 150, 402, 70),
      hills(random, 416, 8, darken(palette.sand, 0.06)),
    ],
    subject: [
      place(saguaro({ ...pose, arms: 'two', guest: 'none' }), {
        x: 320 + side * 250,
        y: 346,
        scale: 0.28,
      }),
      place(saguaro({ ...pose, arms: 'one', guest: 'none' }), {
        x: 320 - side * 214,
        y: 354,
        scale: 0.36,
      }),
      place(saguaro(pose), pose.at),
      place(pricklyPear(pose.skin, pose.bloom), { x: 320 - side * 226, y: 438, scale: 0.95 }),
      place(barrel(pose.skin, pose.bloom), {
        x: 320 + side * 200,
        y: 444,
        scale: random.between(0.85, 1.15),
      }),
    ],
    front: [
      ...rock(random, palette.rock, 320 + side * 270, 466, 80),
      ...rock(random, palette.rock, 320 + side * 30, 470, 34),
      ...[60, 250, 410, 580].map((x) =>
        tuft(random, palette.leaf, x + random.whole(-30, 30), 474, random.between(18, 30)),
      ),
    ],
  }
}

export const cactusSubject: Subject = {
  name: 'cactus',
  category: 'plant',
  descriptions: {
    flat: 'A saguaro cactus in flower, with a small red bird on its arm, in a desert of flat-topped hills.',
    watercolour: 'A many-armed cactus in a sandy desert, painted in warm, grainy washes.',
    'cartoon outline': 'A cactus in a straw hat lifts its arms under a blazing comic-book sun.',
    sunset: 'A tall cactus stands against a desert sunset, with the mesas turned to rose.',
    night: 'A little bird rests on a flowering cactus in a cool teal desert under the moon.',
    pencil: 'A flowering cactus with rocks and prickly pears, sketched in pencil and crayon.',
  },
  compose,
}
