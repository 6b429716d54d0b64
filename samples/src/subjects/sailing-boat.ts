import { darken, lighten, mix, type Colour } from '../colour.ts'
import { area, lamp, line, place, shade, within, type Mark, type Placement } from '../marks.ts'
import { circle, ellipse, rect, type Point } from '../path.ts'
import type { Stage, Style, Subject } from '../scene.ts'
import { hills, mountains } from '../scenery/land.ts'
import { birds, clouds } from '../scenery/sky.ts'
import { water, waves } from '../scenery/water.ts'

interface Pose {
  readonly hull: Colour
  readonly sail: Colour
  readonly trim: Colour
  readonly pattern: 'stripes' | 'plain' | 'panels'
  readonly at: Placement
  readonly light: Point
  readonly swell: number
  readonly companion?: Placement
}

const poses: Record<Style, Pose> = {
  flat: {
    hull: '#e4574c',
    sail: '#fdf6e6',
    trim: '#f3b83f',
    pattern: 'panels',
    at: { x: 330, y: 392, scale: 1.08, turn: -3 },
    light: [130, 120],
    swell: 20,
    companion: { x: 560, y: 262, scale: 0.2 },
  },
  watercolour: {
    hull: '#3f6f9e',
    sail: '#f7ead2',
    trim: '#c9604e',
    pattern: 'plain',
    at: { x: 300, y: 384, scale: 1.02, flip: true, turn: -5 },
    light: [520, 104],
    swell: 24,
    companion: { x: 96, y: 262, scale: 0.22 },
  },
  'cartoon outline': {
    hull: '#ff7a3d',
    sail: '#ffffff',
    trim: '#ff4f5e',
    pattern: 'stripes',
    at: { x: 350, y: 394, scale: 1.1, turn: -8 },
    light: [112, 92],
    swell: 34,
  },
  sunset: {
    hull: '#7b4a3a',
    sail: '#fbe3c0',
    trim: '#d9694f',
    pattern: 'panels',
    at: { x: 270, y: 390, scale: 1.06, turn: -2 },
    light: [486, 0],
    swell: 12,
    companion: { x: 582, y: 262, scale: 0.16, flip: true },
  },
  night: {
    hull: '#b9504a',
    sail: '#f4efe0',
    trim: '#5f7fc0',
    pattern: 'plain',
    at: { x: 372, y: 386, scale: 1.02, flip: true, turn: -2 },
    light: [130, 92],
    swell: 12,
  },
  pencil: {
    hull: '#4f8a8b',
    sail: '#f6eedc',
    trim: '#d98a4e',
    pattern: 'stripes',
    at: { x: 320, y: 388, scale: 1.05, turn: -6 },
    light: [540, 86],
    swell: 22,
    companion: { x: 110, y: 264, scale: 0.2 },
  },
}

function cloth(d: string, pose: Pose, belly: string): Mark[] {
  const bands = [-290, -220, -150, -84]
  const stripes = bands.map((y) => rect(-170, y, 340, 30)).join('')
  const seams = bands.map((y) => `M-170,${y}Q0,${y + 22} 170,${y - 6}`).join('')
  const pattern = {
    stripes: [shade(stripes, pose.trim, 1)],
    panels: [
      shade(rect(-170, -126, 340, 60), pose.trim, 1),
      shade(rect(-170, -140, 340, 7), pose.trim, 1),
    ],
    plain: [],
  }[pose.pattern]
  return [
    area(d, pose.sail),
    within(d, [
      ...pattern,
      shade(belly, darken(pose.sail, 0.55), 0.16),
      line(seams, darken(pose.sail, 0.22), 1.4),
    ]),
  ]
}

function sailor(): Mark[] {
  return [
    area('M-112,-40C-114,-66 -104,-78 -94,-78C-84,-78 -76,-66 -76,-40Z', '#f2c23f'),
    line('M-88,-62Q-76,-54 -66,-56', '#d99f22', 7),
    area(circle(-93, -89, 12), '#f0bf98'),
    area('M-107,-90Q-106,-104 -92,-104Q-80,-103 -78,-91Q-92,-95 -107,-90Z', '#f2c23f'),
    shade(circle(-86, -88, 1.7), '#2b2233', 1),
  ]
}

/** Sailing to the right; the waterline is y = 0, the masthead 330 above it. */
function boat(pose: Pose): Mark[] {
  const hull =
    'M-156,-40C-60,-28 80,-32 182,-56C168,-14 148,20 116,30L-104,30C-136,22 -150,-4 -156,-40Z'
  const main = 'M-18,-322C-66,-246 -120,-150 -148,-84C-104,-70 -60,-68 -18,-72Z'
  const jib = 'M-2,-306C46,-238 128,-140 176,-66C120,-78 50,-78 2,-72C14,-150 12,-230 -2,-306Z'
  const portholes = [-34, -4, 26].map((x) =>
    lamp(circle(x, -52, 7), '#cfeaf2', '#ffd977', { x, y: -52, reach: 34 }),
  )
  return [
    line('M-10,-322L178,-56M-10,-322L-150,-44', '#6b5a58', 1.6),
    area('M-66,-40L-58,-68H44L58,-40Z', lighten(pose.trim, 0.35)),
    area('M-70,-66H56V-73H-62Z', darken(pose.hull, 0.2)),
    ...portholes,
    area(rect(-15, -334, 9, 300, 4), '#9a6b48'),
    area('M-16,-82H-150Q-154,-78 -150,-74H-16Z', '#9a6b48'),
    ...cloth(main, pose, 'M-18,-322C-30,-240 -40,-140 -40,-60H-10Z'),
    ...cloth(jib, pose, 'M-2,-306C20,-230 40,-150 40,-60H180L176,-66Z'),
    place(sailor(), { x: -22, y: -6, scale: 0.86 }),
    area(
      'M-10,-332C-30,-346 -40,-328 -62,-338C-54,-326 -56,-322 -60,-314C-40,-308 -30,-322 -10,-314Z',
      pose.trim,
    ),
    lamp(circle(-10.5, -338, 5), '#f6e7b4', '#fff0b5', { x: -10.5, y: -338, reach: 60 }),
    area(hull, pose.hull),
    within(hull, [
      shade(
        'M-170,-30C-60,-16 80,-20 190,-44V-58C80,-34 -60,-30 -170,-44Z',
        lighten(pose.hull, 0.85),
        0.9,
      ),
      shade('M-170,10C-40,20 90,16 190,-2V60H-170Z', darken(pose.hull, 0.55), 0.4),
      shade(ellipse(110, -14, 90, 30), lighten(pose.hull, 0.6), 0.14),
    ]),
    area(circle(-112, -12, 15), '#fdf6e6'),
    shade(
      'M-127,-12Q-127,-20 -120,-25L-112,-12ZM-104,-25Q-97,-20 -97,-12L-112,-12ZM-120,1Q-112,6 -104,1L-112,-12Z',
      '#e4574c',
      0.95,
    ),
    area(circle(-112, -12, 7), darken(pose.hull, 0.15)),
    line('M-156,-41C-60,-29 80,-33 182,-57', darken(pose.hull, 0.35), 4),
  ]
}

function compose(stage: Stage) {
  const { random, palette, style } = stage
  const pose = poses[style]
  const horizon = 258
  const land = random.chance(0.5)
    ? mountains(random, {
        y: horizon + 4,
        height: 96,
        colour: palette.far,
        snow: mix(palette.far, palette.cloud, 0.7),
      })
    : [hills(random, 232, 22, palette.far)]
  const crest = (share: number) => lighten(palette.shimmer, share)
  return {
    horizon,
    light: pose.light,
    far: [
      ...clouds(stage, 4, pose.light, 150),
      ...birds(random, palette.pine, pose.at.flip ? 470 : 190, 120, 6),
      ...land,
    ],
    middle: [
      ...water(stage, horizon, pose.light[0]),
      ...waves(random, 352, pose.swell * 0.5, darken(palette.water, 0.06), crest(0.1)),
      place([shade(ellipse(0, 30, 170, 16), '#10243f', 0.25)], pose.at),
    ],
    subject: [
      ...(pose.companion ? [place(boat(pose), pose.companion)] : []),
      place(boat(pose), pose.at),
    ],
    front: [
      ...waves(random, 410, pose.swell * 0.8, darken(palette.water, 0.12), crest(0.2)),
      ...waves(random, 450, pose.swell, darken(palette.water, 0.22), crest(0.3)),
    ],
  }
}

export const sailingBoatSubject: Subject = {
  name: 'sailing boat',
  category: 'vehicle',
  descriptions: {
    flat: 'A red sailing boat with a mustard band on its sails runs before the wind on a bright sea.',
    watercolour:
      'A blue boat under cream sails leans into a fresh breeze, in watercolour on rough paper.',
    'cartoon outline': 'A small orange boat with striped sails bounces over big comic-book waves.',
    sunset: 'A sailing boat glides across a violet sea towards the evening sun.',
    night:
      'A sailing boat with lit portholes and a lantern at its masthead sails under a full moon.',
    pencil: 'A sailing boat with striped sails and a companion far off, in pencil and crayon.',
  },
  compose,
}
