import { darken, lighten, type Colour } from '../colour.ts'
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
import { blob, circle, ellipse, polygon, rect, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { hills, rock } from '../scenery/land.ts'
import { flower, tuft } from '../scenery/plants.ts'
import { birds, clouds } from '../scenery/sky.ts'
import { water, waves } from '../scenery/water.ts'

interface Pose {
  readonly bands: Colour
  readonly pattern: 'rings' | 'spiral' | 'plain'
  readonly at: Placement
  readonly light: Point
  readonly cottage: boolean
}

const poses: Record<Style, Pose> = {
  flat: {
    bands: '#dc4f45',
    pattern: 'rings',
    at: { x: 400, y: 372, scale: 0.97 },
    light: [140, 120],
    cottage: true,
  },
  watercolour: {
    bands: '#b8493f',
    pattern: 'plain',
    at: { x: 230, y: 368, scale: 0.98, flip: true },
    light: [500, 106],
    cottage: true,
  },
  'cartoon outline': {
    bands: '#ff4f4a',
    pattern: 'spiral',
    at: { x: 410, y: 376, scale: 0.98 },
    light: [120, 92],
    cottage: true,
  },
  sunset: {
    bands: '#3f5f8a',
    pattern: 'rings',
    at: { x: 190, y: 372, scale: 0.97, flip: true },
    light: [470, 0],
    cottage: false,
  },
  night: {
    bands: '#c64a44',
    pattern: 'rings',
    at: { x: 420, y: 376, scale: 0.97 },
    light: [120, 92],
    cottage: true,
  },
  pencil: {
    bands: '#3d4f66',
    pattern: 'spiral',
    at: { x: 380, y: 372, scale: 0.97 },
    light: [100, 90],
    cottage: false,
  },
}

const white = '#fdf8ec'

function stripes({ bands, pattern }: Pose): Mark[] {
  if (pattern === 'rings')
    return [-58, -140, -222].map((y) => shade(rect(-70, y, 140, 40), bands, 1))
  if (pattern === 'plain')
    return [shade(rect(-70, -244, 140, 26), bands, 1), shade(rect(-70, -26, 140, 30), bands, 1)]
  return [10, -74, -158, -242].map((y) =>
    shade(
      polygon([
        [-70, y],
        [70, y - 64],
        [70, y - 26],
        [-70, y + 38],
      ]),
      bands,
      1,
    ),
  )
}

function lantern(roof: Colour): Mark[] {
  const posts = [-40, -24, -8, 8, 24, 40].map((x) => `M${x},-246v-20`).join('')
  return [
    area(rect(-27, -300, 54, 56, 3), '#d7eef2'),
    lamp(
      'M0,-292C14,-292 18,-280 18,-272C18,-262 10,-254 0,-254C-10,-254 -18,-262 -18,-272C-18,-280 -14,-292 0,-292Z',
      '#ffe28a',
      '#fff3b8',
      { x: 0, y: -272, reach: 150 },
    ),
    line('M-13,-300V-246M13,-300V-246', '#47505f', 3),
    area(rect(-50, -248, 100, 12, 3), '#47505f'),
    line(posts, '#47505f', 2.4),
    line('M-46,-266H46M-46,-257H46', '#47505f', 2.4),
    area('M-36,-298Q-30,-332 0,-340Q30,-332 36,-298Z', roof),
    shade('M4,-338Q28,-330 36,-298H8Z', darken(roof, 0.5), 0.25),
    area(circle(0, -344, 6), '#f3b83f'),
    line('M0,-350V-370', '#47505f', 2.6),
  ]
}

function cottage(roof: Colour): Mark[] {
  return [
    area(rect(66, -108, 18, 40), '#b7685a'),
    area(rect(44, -62, 118, 62), white),
    shade(rect(130, -62, 32, 62), '#6b5f7a', 0.16),
    area('M34,-58L60,-94H148L172,-58Z', roof),
    shade('M104,-94H148L172,-58H110Z', darken(roof, 0.5), 0.16),
    lamp(rect(62, -42, 22, 22, 2), '#bfe2ec', '#ffd36b', { x: 73, y: -31, reach: 50 }),
    lamp(rect(124, -42, 22, 22, 2), '#bfe2ec', '#ffd36b', { x: 135, y: -31, reach: 50 }),
    line('M73,-42V-20M62,-31H84M135,-42V-20M124,-31H146', white, 2),
    area(rect(94, -40, 20, 40, 3), '#4f7d8a'),
  ]
}

/** Standing on y = 0, 370 tall; the cottage, if there is one, is on its right. */
function lighthouse(pose: Pose): Mark[] {
  const tower = 'M-58,0L-36,-240H36L58,0Z'
  const windows = [-78, -136, -196].map((y) =>
    lamp(
      `M-8,${y}V${y - 14}Q-8,${y - 24} 0,${y - 24}Q8,${y - 24} 8,${y - 14}V${y}Z`,
      '#8fb8cc',
      '#ffd36b',
      { x: 0, y: y - 12, reach: 34 },
    ),
  )
  return [
    beam('M0,-272L-760,-410V-150Z', '#fff1b0', { x: 0, y: -272, reach: 520 }),
    beam('M0,-272L760,-390V-160Z', '#fff1b0', { x: 0, y: -272, reach: 520 }),
    ...(pose.cottage ? cottage(pose.bands) : []),
    area(tower, white),
    within(tower, [
      ...stripes(pose),
      shade('M14,-250L22,10H70V-250Z', '#2c2348', 0.2),
      shade('M-60,10L-34,-250H-22L-40,10Z', '#ffffff', 0.35),
    ]),
    ...windows,
    area('M-16,0V-34Q-16,-50 0,-50Q16,-50 16,-34V0Z', '#5a4636'),
    shade(circle(9, -22, 2.4), '#f3b83f', 1),
    area('M-44,-240L-52,-236H52L44,-240Z', darken(pose.bands, 0.3)),
    ...lantern(pose.bands),
  ]
}

/** The headland it stands on: turf over broken rock, falling to the sea on the left. */
function headland(stage: Stage): Mark[] {
  const { palette, random } = stage
  const cliff = blob([
    [-210, 120],
    [-176, 60],
    [-128, 44],
    [-104, 8],
    [-40, -6],
    [60, -8],
    [180, -4],
    [330, 8],
    [430, 60],
    [430, 190],
    [-120, 190],
  ])
  const turf = blob([
    [-116, 12],
    [-90, -6],
    [-30, -12],
    [80, -14],
    [220, -10],
    [420, 6],
    [430, 44],
    [300, 34],
    [180, 46],
    [90, 26],
    [10, 40],
    [-60, 18],
  ])
  const cracks = [-120, -60, 20, 110, 210].map(
    (x) => `M${x},${random.whole(56, 70)}l${random.whole(-12, 12)},28l${random.whole(-8, 16)},22`,
  )
  return [
    area(cliff, palette.rock),
    within(cliff, [
      shade(ellipse(60, 150, 330, 70), darken(palette.rock, 0.6), 0.3),
      line(cracks.join(''), darken(palette.rock, 0.4), 2.4),
    ]),
    area(turf, palette.grass),
    within(turf, [shade(ellipse(140, 44, 240, 24), darken(palette.grass, 0.5), 0.18)]),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const horizon = 292
  const seaward = pose.at.flip ? 470 : 150
  const turf = [-70, -30, 190, 250].flatMap((x) => [
    tuft(random, palette.leaf, x, 6, 22),
    ...(random.chance(0.6) ? flower(random, palette, x + 18, 12, 28) : []),
  ])
  return {
    horizon,
    light: pose.light,
    far: [
      ...clouds(stage, 4, pose.light, 170),
      ...birds(random, palette.pine, seaward, 190, 6),
      hills(random, 284, 9, palette.far),
    ],
    middle: [...water(stage, horizon, pose.light[0]), place(headland(stage), pose.at)],
    subject: [place(lighthouse(pose), pose.at)],
    front: [
      place(turf, pose.at),
      ...waves(random, 436, 14, palette.water, lighten(palette.shimmer, 0.4)),
      ...rock(random, palette.rock, seaward - 60, 448, 90),
      ...rock(random, darken(palette.rock, 0.1), seaward + 24, 456, 56),
      ...waves(random, 462, 16, darken(palette.water, 0.14), lighten(palette.shimmer, 0.5)),
    ],
  }
}

export const lighthouseSubject: Subject = {
  name: 'lighthouse',
  category: 'building',
  descriptions: {
    flat: 'A red and white lighthouse and its cottage stand on a green headland above a calm sea.',
    watercolour:
      'A white lighthouse with a rust-red lantern looks out over a quiet sea under a lilac sky.',
    'cartoon outline': 'A candy-striped lighthouse spirals up into a sky of rays and printed dots.',
    sunset: 'A lighthouse with blue bands watches the sun sink into a glittering sea.',
    night: 'A lighthouse throws its beams across a starry bay while the cottage windows glow.',
    pencil: 'A spiral-banded lighthouse on its rocks, sketched with long pencil strokes.',
  },
  compose,
}
