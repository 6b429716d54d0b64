import { darken, lighten, mix, type Colour } from '../colour.ts'
import {
  area,
  beam,
  lamp,
  line,
  place,
  shade,
  within,
  type Mark,
  type Placement,
} from '../marks.ts'
import { circle, ellipse, polar, polygon, rect, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { ground, hills, mountains } from '../scenery/land.ts'
import { pine, tree, verge } from '../scenery/plants.ts'
import { birds, clouds } from '../scenery/sky.ts'

interface Pose {
  readonly paint: Colour
  readonly trim: Colour
  readonly coach: Colour
  readonly at: Placement
  readonly light: Point
  readonly alps: boolean
}

const poses: Record<Style, Pose> = {
  flat: {
    paint: '#2f7d72',
    trim: '#d9483f',
    coach: '#d9694f',
    at: { x: 322, y: 412, scale: 1.1 },
    light: [510, 104],
    alps: true,
  },
  watercolour: {
    paint: '#4a6f9c',
    trim: '#b9504a',
    coach: '#8a4f4a',
    at: { x: 316, y: 408, scale: 1.06, flip: true },
    light: [500, 100],
    alps: false,
  },
  'cartoon outline': {
    paint: '#2f6fe0',
    trim: '#ff4f4a',
    coach: '#ffb22e',
    at: { x: 318, y: 414, scale: 1.14 },
    light: [540, 84],
    alps: true,
  },
  sunset: {
    paint: '#4a4f6a',
    trim: '#c9483f',
    coach: '#9c4a44',
    at: { x: 322, y: 412, scale: 1.08, flip: true },
    light: [520, 0],
    alps: true,
  },
  night: {
    paint: '#3f7d6a',
    trim: '#d9584a',
    coach: '#a9504a',
    at: { x: 280, y: 412, scale: 1.04 },
    light: [530, 88],
    alps: false,
  },
  pencil: {
    paint: '#5a6066',
    trim: '#a9483f',
    coach: '#6f8f62',
    at: { x: 318, y: 410, scale: 1.1 },
    light: [550, 84],
    alps: false,
  },
}

const iron = '#2f2d3a'
const brass = '#f0bf4f'

function wheel(x: number, radius: number, trim: Colour): Mark[] {
  const spokes = Array.from({ length: 8 }, (_, index) => {
    const [tipX, tipY] = polar(x, -radius, radius - 6, index * 45 + 12)
    return `M${x},${-radius}L${Math.round(tipX)},${Math.round(tipY)}`
  })
  return [
    area(circle(x, -radius, radius), iron),
    shade(circle(x, -radius, radius - 6), lighten(trim, 0.1), 1),
    shade(circle(x, -radius, radius - 10), darken(iron, 0.1), 1),
    line(spokes.join(''), trim, 3.4),
    area(circle(x, -radius, radius * 0.22), brass),
  ]
}

function coach({ coach: colour, trim }: Pose): Mark[] {
  const windows = [-262, -214, -166, -118].flatMap((x) => [
    area(rect(x - 3, -133, 38, 44, 5), lighten(colour, 0.55)),
    lamp(rect(x, -130, 32, 38, 4), '#cfe9f2', '#ffd977', { x: x + 16, y: -111, reach: 46 }),
  ])
  const body = rect(-278, -150, 208, 110, 8)
  return [
    area(rect(-268, -44, 188, 16, 4), iron),
    area(body, colour),
    within(body, [
      shade(rect(-280, -66, 214, 30), darken(colour, 0.5), 0.24),
      shade(rect(-280, -80, 214, 7), lighten(brass, 0.2), 0.95),
    ]),
    area('M-288,-148Q-280,-170 -252,-170H-96Q-68,-170 -60,-148Z', darken(trim, 0.22)),
    ...windows,
    ...[-244, -208, -140, -104].flatMap((x) => wheel(x, 21, trim)),
    line('M-72,-50H-40', iron, 7),
  ]
}

function engine({ paint, trim }: Pose): Mark[] {
  const boiler = rect(24, -146, 160, 84, 12)
  const cab = 'M-46,-62V-204H30V-62Z'
  const bands = [56, 96, 136].map((x) => rect(x, -148, 6, 90)).join('')
  return [
    area(rect(-48, -66, 262, 20, 5), darken(trim, 0.1)),
    area(boiler, paint),
    within(boiler, [
      shade(rect(20, -92, 170, 40), darken(paint, 0.6), 0.3),
      shade(rect(28, -140, 150, 9, 4), lighten(paint, 0.7), 0.5),
      shade(bands, brass, 1),
    ]),
    area(cab, paint),
    within(cab, [shade(rect(-50, -92, 90, 40), darken(paint, 0.6), 0.26)]),
    area(rect(-34, -186, 50, 50, 6), brass),
    lamp(rect(-30, -182, 42, 42, 4), '#cfe9f2', '#ffcf6b', { x: -9, y: -161, reach: 60 }),
    area('M-62,-202Q-50,-222 -20,-222H20Q42,-222 48,-202Z', trim),
    area('M92,-144V-162Q92,-180 108,-180Q124,-180 124,-162V-144Z', brass),
    area('M58,-146L62,-166H74L78,-146Z', brass),
    area(circle(68, -170, 7), brass),
    area('M168,-146L162,-204H204L198,-146Z', iron),
    area('M152,-206Q152,-222 166,-222H200Q214,-222 214,-206Z', trim),
    area(rect(168, -150, 42, 96, 10), iron),
    shade(rect(174, -144, 7, 82, 3), '#6b6880', 0.7),
    lamp('M206,-128H222Q230,-118 222,-106H206Z', '#fff0bf', '#fff3c4', {
      x: 220,
      y: -117,
      reach: 70,
    }),
    area(
      polygon([
        [206, -50],
        [258, 0],
        [196, 0],
      ]),
      trim,
    ),
    line('M214,-38L226,-2M224,-30L240,-2M206,-44L212,-2', darken(trim, 0.4), 3),
    ...wheel(4, 36, trim),
    ...wheel(84, 36, trim),
    ...wheel(160, 22, trim),
    area(rect(-4, -34, 104, 9, 4), '#c9cfd8'),
    area(rect(92, -58, 62, 22, 5), darken(paint, 0.15)),
    line('M150,-47H96', '#c9cfd8', 5),
  ]
}

/** Puffs that grow as they trail away from the funnel, run together into one cloud. */
function smoke(random: Random, colour: Colour): Mark[] {
  const puffs = Array.from({ length: 12 }, (_, index) => {
    const share = index / 11
    const x = 186 - share * 360
    const y = -216 - Math.sqrt(share) * 74 + random.between(-7, 7)
    return { x, y, size: (13 + share * 30) * random.between(0.85, 1.1) }
  })
  return [
    ...puffs.map(({ x, y, size }) => area(circle(x, y, size), colour)),
    // The same puffs again, a little smaller, hide the outlines that cross inside the cloud.
    ...puffs.map(({ x, y, size }) => shade(circle(x, y, size - 1), colour, 1)),
    ...puffs.map(({ x, y, size }) =>
      shade(circle(x - 2, y + size * 0.3, size * 0.62), darken(colour, 0.4), 0.08),
    ),
  ]
}

function track({ palette }: Stage, y: number): Mark[] {
  const sleepers = Array.from({ length: 20 }, (_, index) =>
    polygon([
      [index * 36 - 24, y - 2],
      [index * 36 - 8, y - 2],
      [index * 36 - 14, y + 18],
      [index * 36 - 34, y + 18],
    ]),
  )
  return [
    ground(y - 10, palette.rock),
    shade(ellipse(320, y + 30, 420, 16), darken(palette.rock, 0.5), 0.2),
    ...sleepers.map((d) => area(d, palette.trunk)),
    area(rect(-20, y - 4, 680, 5), mix(palette.rock, palette.shimmer, 0.3)),
    area(rect(-20, y + 9, 680, 5), mix(palette.rock, palette.shimmer, 0.5)),
    ground(y + 28, palette.grass),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const y = pose.at.y
  const trees = Array.from({ length: 8 }, (_, index) => {
    const x = index * 90 + random.between(-10, 30)
    return random.chance(0.5)
      ? pine(random, palette, x, 372, random.between(80, 120))
      : tree(random, palette, x, 374, random.between(80, 116))
  })
  const train = [...coach(pose), ...engine(pose)]
  return {
    horizon: 300,
    light: pose.light,
    far: [
      ...clouds(stage, 2, pose.light, 200),
      ...birds(random, palette.pine, pose.at.flip ? 160 : 470, 150, 4),
      ...(pose.alps
        ? mountains(random, {
            y: 310,
            height: 170,
            colour: palette.far,
            snow: mix(palette.far, palette.cloud, 0.75),
          })
        : [hills(random, 236, 36, palette.far)]),
      hills(random, 296, 20, palette.middle),
      hills(random, 340, 14, palette.near),
    ],
    middle: [
      ...trees.flat(),
      hills(random, 378, 6, palette.grass),
      ...track(stage, y),
      place(smoke(random, palette.cloud), pose.at),
    ],
    subject: [
      place(
        [beam('M222,-118L720,-230V40Z', '#ffeeb5', { x: 222, y: -117, reach: 330 }), ...train],
        pose.at,
      ),
    ],
    front: verge(random, palette, { y: 478, height: 34, flowers: 7 }),
  }
}

export const steamTrainSubject: Subject = {
  name: 'steam train',
  category: 'vehicle',
  descriptions: {
    flat: 'A green steam engine pulls its coach past snow-capped mountains, trailing white smoke.',
    watercolour: 'A blue steam train puffs through rolling hills, painted in soft wet colour.',
    'cartoon outline':
      'A bright blue locomotive steams along with a yellow coach, in bold comic ink.',
    sunset: 'A steam train crosses a valley at dusk, its windows lit and its smoke turned mauve.',
    night: 'A steam train rushes through the dark with a beam of light and glowing windows.',
    pencil: 'An old steam train with its green coach among trees, in graphite and coloured pencil.',
  },
  compose,
}
