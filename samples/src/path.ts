/**
 * SVG path data for the shapes that everything here is drawn with; lengths are in page units. No
 * arcs (`A`): a wavering hand redraws paths point by point, and curves and lines are all it reads.
 */

export type Point = readonly [x: number, y: number]

/** Tenths of a unit are finer than the eye, and keep platforms' last digits of `Math.sin` out. */
export const short = (value: number) => Math.round(value * 10) / 10
const at = ([x, y]: Point) => `${short(x)},${short(y)}`

/** How far the handles of a Bezier curve reach to draw a quarter of a unit circle. */
const quarter = 0.5523

export function ellipse(x: number, y: number, rx: number, ry: number, turn = 0): string {
  const angle = (turn * Math.PI) / 180
  const on = (u: number, v: number) =>
    at([
      x + u * rx * Math.cos(angle) - v * ry * Math.sin(angle),
      y + u * rx * Math.sin(angle) + v * ry * Math.cos(angle),
    ])
  const k = quarter
  return (
    `M${on(-1, 0)}C${on(-1, -k)} ${on(-k, -1)} ${on(0, -1)}C${on(k, -1)} ${on(1, -k)} ${on(1, 0)}` +
    `C${on(1, k)} ${on(k, 1)} ${on(0, 1)}C${on(-k, 1)} ${on(-1, k)} ${on(-1, 0)}Z`
  )
}

export const circle = (x: number, y: number, r: number): string => ellipse(x, y, r, r)

export function rect(x: number, y: number, width: number, height: number, corner = 0): string {
  const r = Math.min(corner, width / 2, height / 2)
  const [right, bottom, k] = [x + width, y + height, r * (1 - quarter)]
  if (r === 0) return `M${at([x, y])}H${short(right)}V${short(bottom)}H${short(x)}Z`
  return (
    `M${at([x + r, y])}H${short(right - r)}C${at([right - k, y])} ${at([right, y + k])} ${at([right, y + r])}` +
    `V${short(bottom - r)}C${at([right, bottom - k])} ${at([right - k, bottom])} ${at([right - r, bottom])}` +
    `H${short(x + r)}C${at([x + k, bottom])} ${at([x, bottom - k])} ${at([x, bottom - r])}` +
    `V${short(y + r)}C${at([x, y + k])} ${at([x + k, y])} ${at([x + r, y])}Z`
  )
}

export const polyline = (points: readonly Point[]): string => `M${points.map(at).join('L')}`
export const polygon = (points: readonly Point[]): string => `${polyline(points)}Z`

/** One bend of a Catmull-Rom spline through `b` and `c`, as the cubic Bezier that equals it. */
function bend(a: Point, b: Point, c: Point, d: Point): string {
  const first: Point = [b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6]
  const second: Point = [c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6]
  return `C${at(first)} ${at(second)} ${at(c)}`
}

/** A smooth open line through every point. */
export function curve(points: readonly Point[]): string {
  const bends = points.slice(1).map((point, index) => {
    const from = points[index]!
    return bend(points[index - 1] ?? from, from, point, points[index + 2] ?? point)
  })
  return `M${at(points[0]!)}${bends.join('')}`
}

/** A smooth closed shape through every point. */
export function blob(points: readonly Point[]): string {
  const around = (index: number) => points[(index + points.length) % points.length]!
  const bends = points.map((point, index) =>
    bend(around(index - 1), point, around(index + 1), around(index + 2)),
  )
  return `M${at(points[0]!)}${bends.join('')}Z`
}

/** The point at `degrees` (0 right, 90 down) and `distance` from a centre. */
export function polar(x: number, y: number, distance: number, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180
  return [x + distance * Math.cos(angle), y + distance * Math.sin(angle)]
}
