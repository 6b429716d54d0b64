import { darken, mix, type Colour } from '../colour.ts'
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
import { circle, ellipse, polygon, rect, type Point } from '../path.ts'
import type { Random } from '../random.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { hills, mountains } from '../scenery/land.ts'
import { pine, tree } from '../scenery/plants.ts'
import { birds, cloud, clouds } from '../scenery/sky.ts'
import { house } from '../scenery/town.ts'

interface Pose {
  readonly cloth: readonly [Colour, Colour, Colour]
  readonly pattern: 'gores' | 'zigzag' | 'bands'
  readonly at: Placement
  readonly others: readonly Placement[]
  readonly light: Point
}

const poses: Record<Style, Pose> = {
  flat: {
    cloth: ['#e4574c', '#fdf0d5', '#f3b83f'],
    pattern: 'gores',
    at: { x: 300, y: 400, scale: 0.98 },
    others: [{ x: 540, y: 250, scale: 0.3 }],
    light: [500, 96],
  },
  watercolour: {
    cloth: ['#4f86b8', '#f6e3b8', '#d9694f'],
    pattern: 'bands',
    at: { x: 360, y: 396, scale: 0.94, turn: 3 },
    others: [{ x: 124, y: 270, scale: 0.34 }],
    light: [120, 110],
  },
  'cartoon outline': {
    cloth: ['#ff4f6d', '#ffd447', '#3fb6f0'],
    pattern: 'zigzag',
    at: { x: 320, y: 404, scale: 1, turn: -4 },
    others: [
      { x: 540, y: 300, scale: 0.32 },
      { x: 96, y: 330, scale: 0.24 },
    ],
    light: [100, 88],
  },
  sunset: {
    cloth: ['#d9564a', '#f6c667', '#7d3f6b'],
    pattern: 'gores',
    at: { x: 240, y: 384, scale: 0.92 },
    others: [
      { x: 440, y: 210, scale: 0.26 },
      { x: 560, y: 264, scale: 0.2 },
    ],
    light: [470, 0],
  },
  night: {
    cloth: ['#f0705a', '#ffd98a', '#5f8fd0'],
    pattern: 'zigzag',
    at: { x: 370, y: 392, scale: 0.96 },
    others: [{ x: 130, y: 320, scale: 0.34 }],
    light: [110, 90],
  },
  pencil: {
    cloth: ['#5fa07a', '#f4e4c0', '#e08a4f'],
    pattern: 'bands',
    at: { x: 290, y: 398, scale: 0.96, turn: -3 },
    others: [{ x: 520, y: 236, scale: 0.36 }],
    light: [560, 80],
  },
}

const envelope =
  'M-140,-252C-140,-344 -78,-396 0,-396C78,-396 140,-344 140,-252C140,-176 62,-130 36,-92H-36C-62,-130 -140,-176 -140,-252Z'

function pattern({ cloth, pattern: kind }: Pose): Mark[] {
  const [first, second, third] = cloth
  if (kind === 'gores') {
    return [118, 84, 50, 18].map((rx, index) =>
      shade(ellipse(0, -246, rx, 190), [second, first, third, second][index]!, 1),
    )
  }
  const teeth = (y: number, height: number) =>
    polygon([
      ...Array.from({ length: 15 }, (_, index): Point => [
        -147 + index * 21,
        y + (index % 2 ? height : 0),
      ]),
      ...Array.from({ length: 15 }, (_, index): Point => [
        147 - index * 21,
        y + 34 + (index % 2 ? height : 0),
      ]),
    ])
  if (kind === 'zigzag') {
    return [
      shade(rect(-150, -306, 300, 96), second, 1),
      shade(teeth(-296, 24), third, 1),
      shade(rect(-150, -190, 300, 16), second, 1),
      shade(teeth(-372, 18), second, 1),
    ]
  }
  return [
    shade('M-150,-330Q0,-300 150,-330V-270Q0,-236 -150,-270Z', second, 1),
    shade('M-150,-318Q0,-288 150,-318V-300Q0,-270 -150,-300Z', third, 1),
    shade('M-150,-216Q0,-180 150,-216V-186Q0,-150 -150,-186Z', second, 1),
  ]
}

function basket(): Mark[] {
  const wicker = 'M-32,-46H32L27,0Q0,5 -27,0Z'
  const weave = [-34, -22, -10].map((y) => `M-34,${y}Q0,${y + 5} 34,${y}`).join('')
  const traveller = (x: number, coat: Colour, hair: Colour) => [
    area(`M${x - 11},-44Q${x - 11},-62 ${x},-62Q${x + 11},-62 ${x + 11},-44Z`, coat),
    area(circle(x, -69, 8.5), '#f2c39b'),
    area(
      `M${x - 9},-70Q${x - 8},-80 ${x},-80Q${x + 8},-80 ${x + 9},-70Q${x},-74 ${x - 9},-70Z`,
      hair,
    ),
  ]
  return [
    line('M-34,-92L-29,-46M34,-92L29,-46M-14,-90L-12,-46M14,-90L12,-46', '#6b5348', 2.2),
    ...traveller(-13, '#4f7d8a', '#5b3b2e'),
    ...traveller(12, '#d9694f', '#3b2a33'),
    area(wicker, '#b9814f'),
    within(wicker, [
      line(weave, '#8a5a35', 2.4),
      line('M-16,-46L-14,4M0,-46V4M16,-46L14,4', '#8a5a35', 1.8),
      shade(rect(8, -50, 30, 60), '#4a2b20', 0.22),
    ]),
    area(rect(-35, -51, 70, 9, 4.5), '#8a5a35'),
    area(ellipse(-34, -26, 6, 11), '#d8c39a'),
    area(ellipse(34, -26, 6, 11), '#d8c39a'),
  ]
}

/** The foot of the basket is y = 0 and the crown 396 above it. */
function balloon(pose: Pose): Mark[] {
  const flame = 'M-9,-88C-12,-104 -2,-108 0,-122C4,-108 12,-104 9,-88Q0,-82 -9,-88Z'
  return [
    area(envelope, pose.cloth[0]),
    within(envelope, [
      ...pattern(pose),
      line(
        'M-36,-92C-100,-180 -112,-330 0,-396M36,-92C100,-180 112,-330 0,-396M-12,-92C-40,-200 -44,-320 0,-396M12,-92C40,-200 44,-320 0,-396',
        darken(pose.cloth[0], 0.3),
        1.2,
      ),
      shade('M40,-400C120,-340 120,-200 30,-92H160V-400Z', darken(pose.cloth[0], 0.6), 0.2),
      shade(ellipse(-74, -318, 26, 50, 26), '#ffffff', 0.32),
      beam(envelope, '#ffdf9a', { x: 0, y: -130, reach: 240 }),
    ]),
    area('M-38,-98H38L30,-78Q0,-72 -30,-78Z', pose.cloth[2]),
    lamp(flame, '#ffb347', '#fff0b0', { x: 0, y: -98, reach: 90 }),
    ...basket(),
  ]
}

/** Fields sewn together like a quilt, with hedges for seams. */
function fields({ random, palette }: Stage): Mark[] {
  const quilt = (tilt: number, from: Colour, to: Colour) =>
    Array.from({ length: 6 }, (_, index) => {
      const x = -40 + index * 130
      return shade(
        polygon([
          [x, 380],
          [x + 66, 380],
          [x + 66 + tilt, 520],
          [x - 20 + tilt, 520],
        ]),
        index % 2 ? from : to,
        0.45,
      )
    })
  return [
    ...quilt(
      random.between(20, 60),
      mix(palette.grass, palette.sand, 0.6),
      darken(palette.grass, 0.2),
    ),
  ]
}

function village(random: Random, { palette }: Stage, x: number): Mark[] {
  return [0, 1, 2].flatMap((index) =>
    place(
      house(random, palette, { x: 0, y: 0, width: 92, height: 84, wall: palette.walls[index]! }),
      { x: x + index * 40, y: 400 + (index % 2) * 8, scale: 0.36 },
    ),
  )
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const villageX = pose.at.x > 320 ? 70 : 470
  return {
    horizon: 352,
    light: pose.light,
    far: [
      ...clouds(stage, 5, pose.light, 230),
      ...mountains(random, {
        y: 352,
        height: 120,
        colour: palette.far,
        snow: mix(palette.far, palette.cloud, 0.75),
      }),
      hills(random, 344, 20, palette.middle),
      ...birds(random, palette.pine, pose.at.x > 320 ? 170 : 470, 150, 5),
    ],
    middle: [
      hills(random, 378, 14, palette.near),
      ...[20, 66, 590, 630].flatMap((x) => pine(random, palette, x, 404, random.between(50, 76))),
      ...village(random, stage, villageX),
      hills(random, 412, 10, palette.grass),
      within('M-10,418H650V500H-10Z', fields(stage)),
      ...[random.between(20, 60), random.between(570, 620)].flatMap((x) =>
        tree(random, palette, x, 456, 92),
      ),
    ],
    subject: [
      ...pose.others.map((at) =>
        place(balloon({ ...pose, cloth: [pose.cloth[2], pose.cloth[1], pose.cloth[0]] }), at),
      ),
      place(balloon(pose), pose.at),
    ],
    front: cloud(random, palette.cloud, { x: pose.at.x > 320 ? 560 : 90, y: 372, width: 150 }),
  }
}

export const balloonSubject: Subject = {
  name: 'hot-air balloon',
  category: 'vehicle',
  descriptions: {
    flat: 'A striped hot-air balloon carries two travellers above a village and its patchwork fields.',
    watercolour:
      'A blue hot-air balloon with cream bands drifts past the mountains in pale, wet washes.',
    'cartoon outline': 'Three zigzag hot-air balloons race across a comic-book sky.',
    sunset: 'Hot-air balloons float over purple mountains into a burning evening sky.',
    night: 'A hot-air balloon glows like a lantern among the stars above a sleeping valley.',
    pencil: 'A green hot-air balloon with an orange one behind it, drawn with pencil and crayon.',
  },
  compose,
}
