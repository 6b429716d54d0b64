/** SVG path data for the shapes that everything here is drawn with; lengths are in page units. */

export type Point = readonly [x: number, y: number]

/** Tenths of a unit are finer than the eye, and keep platforms' last digits of `Math.sin` out. */
const short = (value: number) => Math.round(value * 10) / 10
const at = ([x, y]: Point) => `${short(x)},${short(y)}`

export function ellipse(x: number, y: number, rx: number, ry: number, turn = 0): string {
  const angle = (turn * Math.PI) / 180
  const [dx, dy] = [rx * Math.cos(angle), rx * Math.sin(angle)]
  const [from, to] = [at([x - dx, y - dy]), at([x + dx, y + dy])]
  const arc = `A${short(rx)},${short(ry)} ${short(turn)} 0 1`
  return `M${from}${arc} ${to}${arc} ${from}Z`
}

export const circle = (x: number, y: number, r: number): string => ellipse(x, y, r, r)

export function rect(x: number, y: number, width: number, height: number, corner = 0): string {
  const r = Math.min(corner, width / 2, height / 2)
  const [w, h] = [short(width - 2 * r), short(height - 2 * r)]
  const arc = (dx: number, dy: number) =>
    r > 0 ? `a${short(r)},${short(r)} 0 0 1 ${short(dx)},${short(dy)}` : ''
  return (
    `M${at([x + r, y])}h${w}${arc(r, r)}v${h}${arc(-r, r)}` +
    `h${-w}${arc(-r, -r)}v${-h}${arc(r, -r)}Z`
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
