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
import { circle, ellipse, polar, polygon, rect, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { ground, hills } from '../scenery/land.ts'
import { tree } from '../scenery/plants.ts'
import { clouds } from '../scenery/sky.ts'
import { street, streetLamp } from '../scenery/town.ts'

interface Pose {
  readonly paint: Colour
  readonly at: Placement
  /** How far the ladder is raised from level, degrees. */
  readonly ladder: number
  readonly light: Point
  readonly country: boolean
}

const red = '#d8362f'

const poses: Record<Style, Pose> = {
  flat: {
    paint: red,
    at: { x: 320, y: 418, scale: 1.2 },
    ladder: 6,
    light: [520, 100],
    country: false,
  },
  watercolour: {
    paint: '#cf4238',
    at: { x: 318, y: 412, scale: 1.12, flip: true },
    ladder: 0,
    light: [150, 100],
    country: true,
  },
  'cartoon outline': {
    paint: '#f0382e',
    at: { x: 300, y: 420, scale: 1.2 },
    ladder: 26,
    light: [540, 84],
    country: false,
  },
  sunset: {
    paint: red,
    at: { x: 338, y: 420, scale: 1.12, flip: true },
    ladder: 20,
    light: [170, 0],
    country: true,
  },
  night: {
    paint: red,
    at: { x: 262, y: 418, scale: 1.06 },
    ladder: 0,
    light: [96, 84],
    country: false,
  },
  pencil: {
    paint: '#c9433c',
    at: { x: 330, y: 414, scale: 1.15, flip: true },
    ladder: 12,
    light: [90, 84],
    country: false,
  },
}

const steel = '#c9cfd8'

function wheel(x: number): Mark[] {
  const spokes = [0, 60, 120, 180, 240, 300].map((degrees) =>
    circle(...polar(x, -36, 14, degrees), 2.6),
  )
  return [
    area(circle(x, -36, 36), '#2e2b38'),
    shade(circle(x, -36, 30), '#4a4656', 1),
    area(circle(x, -36, 21), steel),
    shade(spokes.join(''), '#6b7280', 1),
    area(circle(x, -36, 7), '#8d95a3'),
  ]
}

/** Two rails and their rungs, hinged on a turret behind the cab and lying over the body. */
function ladder(raised: number): Mark[] {
  const rungs = Array.from({ length: 11 }, (_, index) => rect(-232 + index * 24, -12, 5, 16, 2))
  const rails = `${rect(-244, -16, 268, 6, 3)}${rect(-244, 2, 268, 6, 3)}`
  return [
    area(
      polygon([
        [6, -138],
        [14, -160],
        [46, -160],
        [54, -138],
      ]),
      '#8d95a3',
    ),
    place([area(rungs.join(''), '#e9edf2'), area(rails, '#f3c23c')], {
      x: 30,
      y: -160,
      turn: raised,
    }),
    area(circle(30, -157, 10), '#5b6270'),
  ]
}

function crew(): Mark[] {
  return [
    area(circle(139, -124, 12), '#f2c39b'),
    area('M122,-128Q124,-148 140,-148Q156,-146 157,-128Z', '#f5c535'),
    line('M119,-128H160', '#d99a1e', 4),
    shade(circle(144, -123, 1.8), '#2b2233', 1),
  ]
}

/** Driving to the right on y = 0, about 400 long. */
function truck(paint: Colour, raised: number): Mark[] {
  const box = rect(-200, -142, 254, 112, 8)
  const cab = 'M54,-30V-162Q54,-174 66,-174H140Q152,-174 158,-162L182,-108Q204,-104 204,-86V-30Z'
  const front = 'M118,-160H142L166,-108H118Z'
  const shutters = [-188, -126, -64].flatMap((x) => {
    const panel = rect(x, -128, 52, 36, 3)
    const slats = [0, 1, 2, 3].map((row) => rect(x, -122 + row * 9, 52, 2)).join('')
    return [
      area(panel, steel),
      within(panel, [shade(slats, '#7f8897', 0.6)]),
      line(`M${x + 20},-97h12`, '#5b6270', 3),
    ]
  })
  return [
    beam('M196,-66L640,-190V60Z', '#ffe9a8', { x: 196, y: -62, reach: 420 }),
    shade(ellipse(0, 2, 216, 12), '#1c1830', 0.28),
    ...ladder(raised),
    area(rect(-196, -50, 392, 22, 4), '#3a3646'),
    area(box, paint),
    within(box, [
      shade(rect(-200, -60, 260, 40), darken(paint, 0.5), 0.22),
      shade(rect(-200, -142, 260, 8), lighten(paint, 0.6), 0.4),
    ]),
    ...shutters,
    area(cab, paint),
    within(cab, [
      shade(rect(50, -58, 160, 40), darken(paint, 0.5), 0.22),
      shade(rect(50, -176, 110, 9), lighten(paint, 0.6), 0.45),
    ]),
    area(front, '#bfe6f2'),
    within(front, [...crew(), shade('M150,-170L128,-104H140L166,-170Z', '#ffffff', 0.4)]),
    area(rect(68, -160, 40, 52, 5), '#bfe6f2'),
    shade('M92,-160L76,-108H88L104,-160Z', '#ffffff', 0.45),
    area(rect(-200, -88, 404, 14), '#fdf6e6'),
    shade(rect(-200, -78, 404, 4), '#f3c23c', 1),
    line('M112,-166V-36', darken(paint, 0.35), 2.4),
    line('M96,-94h10M122,-94h10', '#fdf6e6', 3.4),
    area(circle(-8, -58, 17), '#f3c23c'),
    shade(circle(-8, -58, 11), darken('#f3c23c', 0.3), 1),
    area(circle(-8, -58, 5), '#fdf6e6'),
    area(rect(-172, -66, 62, 22, 4), darken(paint, 0.22)),
    area(rect(-96, -66, 58, 22, 4), darken(paint, 0.22)),
    area('M72,-30C72,-91 164,-91 164,-30Z', '#2e2b38'),
    area('M-168,-30C-168,-91 -76,-91 -76,-30Z', '#2e2b38'),
    area(rect(172, -46, 44, 16, 5), steel),
    lamp(circle(194, -64, 9), '#fff3c4', '#fff3c4', { x: 194, y: -64, reach: 46 }),
    area(rect(188, -98, 16, 16, 3), '#7f8897'),
    ...wheel(118),
    ...wheel(-122),
    area(rect(74, -180, 62, 8, 3), '#5b6270'),
    lamp('M80,-180V-190Q80,-198 90,-198Q100,-198 100,-190V-180Z', '#4f9be8', '#6fb4ff', {
      x: 90,
      y: -188,
      reach: 78,
    }),
    lamp('M110,-180V-190Q110,-198 120,-198Q130,-198 130,-190V-180Z', '#ee5a4a', '#ff7a66', {
      x: 120,
      y: -188,
      reach: 78,
    }),
    lamp(rect(-204, -72, 8, 14, 2), '#e8604f', '#ff6a55', { x: -200, y: -65, reach: 40 }),
  ]
}

function road(stage: Stage, y: number): Mark[] {
  const { palette } = stage
  const dashes = Array.from({ length: 6 }, (_, index) =>
    polygon([
      [index * 130 - 40, 452],
      [index * 130 + 24, 452],
      [index * 130 + 16, 460],
      [index * 130 - 50, 460],
    ]),
  )
  return [
    ground(y, lighten(palette.road, 0.3)),
    ground(y + 22, palette.road),
    shade(rect(-20, y + 22, 700, 6), darken(palette.road, 0.5), 0.35),
    shade(dashes.join(''), lighten(palette.road, 0.75), 0.85),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const town = [hills(random, 220, 24, palette.far), ...street(stage, 346)]
  const fields = [
    hills(random, 226, 24, palette.far),
    hills(random, 266, 20, palette.middle),
    hills(random, 306, 14, palette.grass),
    ...[40, 150, 486, 590].flatMap((x) =>
      tree(random, palette, x + random.between(-24, 24), 344, random.between(96, 150)),
    ),
  ]
  const near = pose.at.flip ? 606 : 40
  return {
    horizon: pose.country ? 262 : 300,
    light: pose.light,
    far: [...clouds(stage, 4, pose.light, 150), ...(pose.country ? fields : town)],
    middle: [
      ...road(stage, 342),
      ...streetLamp(near, 360, 190),
      ...tree(random, palette, 640 - near, 356, 120),
    ],
    subject: [place(truck(pose.paint, pose.ladder), pose.at)],
    front: [],
  }
}

export const fireTruckSubject: Subject = {
  name: 'fire truck',
  category: 'vehicle',
  descriptions: {
    flat: 'A red fire truck waits in front of a row of pastel town houses, its ladder at the ready.',
    watercolour: 'A red fire truck drives along a country lane, painted in loose, watery colour.',
    'cartoon outline':
      'A bright red fire truck raises its yellow ladder in a street out of a comic.',
    sunset:
      'A fire truck heads home past the hills with its ladder raised against the setting sun.',
    night: 'A fire truck with flashing lamps sweeps its headlights down a street of lit windows.',
    pencil: 'A fire truck in town, drawn in pencil with hatching of red crayon.',
  },
  compose,
}
