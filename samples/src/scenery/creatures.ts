import { lighten, type Colour } from '../colour.ts'
import { area, line, mirrored, place, shade, type Mark } from '../marks.ts'
import { circle, ellipse } from '../path.ts'

/** A butterfly in flight around `x, y`. */
export function butterfly(x: number, y: number, colour: Colour): Mark[] {
  const wings = [
    area(ellipse(-9, -7, 10, 7, 40), colour),
    area(ellipse(-7, 5, 7, 5, -30), lighten(colour, 0.3)),
  ]
  return [
    place(
      [
        ...mirrored(wings),
        area(ellipse(0, 0, 2, 9), '#3b2a33'),
        line('M0,-8L-4,-15M0,-8L4,-15', '#3b2a33', 1.2),
      ],
      { x, y, turn: 18 },
    ),
  ]
}

/** A snail on y = 0, going right. */
export function snail(): Mark[] {
  return [
    area(
      'M-46,0C-40,-14 -10,-16 14,-14C24,-30 30,-44 42,-44C54,-42 54,-30 48,-20C42,-6 30,2 10,2Z',
      '#e9c48f',
    ),
    line('M44,-42L40,-60M50,-40L56,-58', '#c99a5f', 3),
    area(circle(40, -61, 3.6), '#3b2a33'),
    area(circle(57, -59, 3.6), '#3b2a33'),
    area(circle(-10, -32, 26), '#c9784f'),
    line('M-10,-32C-4,-36 2,-28 -4,-22C-14,-16 -26,-26 -22,-38C-16,-52 6,-50 9,-34', '#8a4a34', 4),
    line('M40,-28Q45,-25 48,-29', '#a9743f', 2),
  ]
}

/** A ladybird on y = 0, going right. */
export function ladybird(): Mark[] {
  return [
    area(circle(20, -9, 8), '#2b2233'),
    line('M25,-14L32,-22M27,-11L36,-15', '#2b2233', 2),
    area('M-20,0Q-20,-24 0,-24Q20,-24 20,0Z', '#e4473f'),
    shade(
      `${circle(-8, -14, 3.4)}${circle(6, -17, 3.2)}${circle(4, -6, 3.4)}${circle(-12, -5, 2.8)}`,
      '#2b2233',
      1,
    ),
  ]
}

/** A small bird for the arm of a cactus whose foot is the origin: it perches near -100, -195. */
export function perchedBird(): Mark[] {
  return [
    area('M-118,-206C-128,-216 -136,-220 -146,-220C-142,-212 -136,-206 -126,-200Z', '#8a4a3a'),
    area(
      'M-126,-202C-124,-226 -108,-238 -92,-236C-80,-234 -74,-226 -76,-216C-80,-202 -104,-194 -126,-202Z',
      '#c9694a',
    ),
    area('M-120,-204C-112,-220 -98,-222 -90,-212C-98,-202 -110,-200 -120,-204Z', '#9c4f3a'),
    area('M-77,-226L-64,-222L-76,-217Z', '#f3b83f'),
    shade(circle(-85, -227, 2.4), '#2b2233', 1),
    line('M-102,-198V-190M-94,-199V-190', '#6b4a3a', 2),
  ]
}
