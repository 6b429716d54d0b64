import { rasterEdge } from '../../features/raster.ts'

/** Each patch is cut into 4 x 4 bins. */
export const binsAcross = 4
export const binsPerPatch = binsAcross * binsAcross

/** Square patches of one size on a regular grid that is its own mirror image. */
export interface PatchScale {
  /** Edge of a bin, in pixels; the patch is four of them wide. */
  readonly bin: number
  readonly step: number
}

/**
 * Local descriptors of one picture in mirror coordinates: of each pair of entries that swap when the
 * picture is mirrored, the first half of a row holds the sum and the second half the difference (both
 * over the square root of 2). The mirrored picture's descriptors are then these with the second half
 * negated, so that one pass serves both.
 */
export interface Patches {
  readonly count: number
  readonly length: number
  /** `count * length` numbers, patch after patch. */
  readonly values: Float32Array
  /** Centres, -0.5 to 0.5 from left to right and from top to bottom. */
  readonly x: Float32Array
  readonly y: Float32Array
}

/** Left (or top) edges of the patches of one scale, in pixels. */
function gridOf({ bin, step }: PatchScale): number[] {
  const room = rasterEdge - binsAcross * bin
  const steps = Math.floor(room / step)
  const first = Math.floor((room - steps * step) / 2)
  return Array.from({ length: steps + 1 }, (_, index) => first + index * step)
}

/** Visits every patch of every scale: its index among all, and its top left corner. */
export function forEachPatch(
  scales: readonly PatchScale[],
  visit: (index: number, left: number, top: number, scale: PatchScale) => void,
): void {
  let index = 0
  for (const scale of scales) {
    const grid = gridOf(scale)
    for (const top of grid) for (const left of grid) visit(index++, left, top, scale)
  }
}

export function countPatches(scales: readonly PatchScale[]): number {
  return scales.reduce((sum, scale) => sum + gridOf(scale).length ** 2, 0)
}

/** An empty set for all patches of `scales`, centres filled in. */
export function allocatePatches(scales: readonly PatchScale[], length: number): Patches {
  const count = countPatches(scales)
  const x = new Float32Array(count)
  const y = new Float32Array(count)
  forEachPatch(scales, (index, left, top, { bin }) => {
    x[index] = (left + (binsAcross / 2) * bin) / rasterEdge - 0.5
    y[index] = (top + (binsAcross / 2) * bin) / rasterEdge - 0.5
  })
  return { count, length, values: new Float32Array(count * length), x, y }
}

/**
 * Writes `raw` (16 bins x `perBin` numbers) to one row in mirror coordinates.
 *
 * @param swaps for each number of a bin, the one it becomes when the picture is mirrored
 */
export function writeMirrored(
  raw: Float64Array,
  perBin: number,
  swaps: readonly number[],
  patches: Patches,
  row: number,
): void {
  const half = patches.length / 2
  let to = row * patches.length
  for (let bin = 0; bin < binsPerPatch; bin++) {
    if (bin % binsAcross >= binsAcross / 2) continue
    const across = bin + binsAcross - 1 - 2 * (bin % binsAcross)
    for (let entry = 0; entry < perBin; entry++, to++) {
      const own = raw[bin * perBin + entry]!
      const other = raw[across * perBin + swaps[entry]!]!
      patches.values[to] = (own + other) * Math.SQRT1_2
      patches.values[to + half] = (own - other) * Math.SQRT1_2
    }
  }
}
