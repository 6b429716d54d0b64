import { toMap, toWindow, type Camera, type Size } from './camera.ts'
import { placesIn, type Area, type PlaceGrid } from './place-grid.ts'

/** Where more are in view, they are points alone. */
const inViewAtMost = 2000
const picturesAtMost = 60
const gap = 6

/** Which of the places in view are shown as pictures: none covers another, and those that were shown stay. */
export function nearPictures(
  grid: PlaceGrid,
  camera: Camera,
  size: Size,
  side: number,
  shown: readonly number[],
  hasPicture: (index: number) => boolean,
): number[] {
  const found = placesIn(grid, areaOf(camera, size), inViewAtMost)
  if (!found) return []
  const inView = new Set(found)
  const taken: { index: number; x: number; y: number }[] = []
  const candidates = [...shown.filter((index) => inView.has(index)), ...scattered(found)]
  for (const index of candidates) {
    if (taken.length === picturesAtMost) break
    if (!hasPicture(index)) continue
    const at = { x: grid.at[index * 2]!, y: grid.at[index * 2 + 1]! }
    const { x, y } = toWindow(camera, size, at)
    const isFree = taken.every(
      (other) => Math.max(Math.abs(other.x - x), Math.abs(other.y - y)) >= side + gap,
    )
    if (isFree) taken.push({ index, x, y })
  }
  return taken.map(({ index }) => index).toSorted((a, b) => a - b)
}

/** In an order that has nothing to do with where they lie, or one corner would have all pictures. */
function scattered(indices: readonly number[]): readonly number[] {
  if (indices.length <= picturesAtMost) return indices
  // Fibonacci hashing: Knuth, The Art of Computer Programming 3, 6.4.
  const key = (index: number) => Math.imul(index, 0x9e3779b1) >>> 0
  return indices.toSorted((one, other) => key(one) - key(other))
}

/** What of the map is in the window. */
export function areaOf(camera: Camera, size: Size): Area {
  const { x: left, y: top } = toMap(camera, size, { x: 0, y: 0 })
  const { x: right, y: bottom } = toMap(camera, size, { x: size.width, y: size.height })
  return { left, top, right, bottom }
}
