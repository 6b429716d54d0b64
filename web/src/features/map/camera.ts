/** What is looked at: the middle of the window in units of the map (0 to 1), and CSS pixels per unit. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly scale: number
}

/** Of the window onto the map, in CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Closer than this, places differ by what they were rounded to. */
const closest = 2e6
/** What is left free at the edges of the window when all is shown, for the pictures there. */
const margin = 44

/** All of the places, as large as the window lets them be. */
export function fitting(at: Float32Array, { width, height }: Size): Camera {
  let [left, top, right, bottom] = [1, 1, 0, 0]
  for (let index = 0; index < at.length; index += 2) {
    left = Math.min(left, at[index]!)
    right = Math.max(right, at[index]!)
    top = Math.min(top, at[index + 1]!)
    bottom = Math.max(bottom, at[index + 1]!)
  }
  if (right < left) [left, top, right, bottom] = [0, 0, 1, 1]
  const across = Math.max(1, width - 2 * margin) / Math.max(right - left, 1e-3)
  const down = Math.max(1, height - 2 * margin) / Math.max(bottom - top, 1e-3)
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(across, down) }
}

export function toWindow({ x, y, scale }: Camera, { width, height }: Size, at: Point): Point {
  return { x: (at.x - x) * scale + width / 2, y: (at.y - y) * scale + height / 2 }
}

export function toMap({ x, y, scale }: Camera, { width, height }: Size, at: Point): Point {
  return { x: x + (at.x - width / 2) / scale, y: y + (at.y - height / 2) / scale }
}

/** Moved by pixels of the window, as paper under a finger. */
export function moved(camera: Camera, across: number, down: number): Camera {
  return clamped({
    ...camera,
    x: camera.x - across / camera.scale,
    y: camera.y - down / camera.scale,
  })
}

/** Closer by a factor, while what is at a point of the window stays there. */
export function zoomed(
  camera: Camera,
  size: Size,
  factor: number,
  around: Point,
  farthest: number,
): Camera {
  const scale = Math.min(closest, Math.max(farthest / 2, camera.scale * factor))
  const fixed = toMap(camera, size, around)
  return clamped({
    x: fixed.x - (around.x - size.width / 2) / scale,
    y: fixed.y - (around.y - size.height / 2) / scale,
    scale,
  })
}

/** The share `part` of the way from one to another; the scale by factors, so that the way looks even. */
export function between(from: Camera, to: Camera, part: number): Camera {
  const scale = from.scale * (to.scale / from.scale) ** part
  const done = Math.abs(to.scale - from.scale) < 1e-9 * to.scale
  // What stays fixed while zooming stays fixed on the way, too.
  const share = done ? part : (1 / scale - 1 / from.scale) / (1 / to.scale - 1 / from.scale)
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share, scale }
}

/** Nobody gets lost beside the map. */
function clamped({ x, y, scale }: Camera): Camera {
  return { x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)), scale }
}
