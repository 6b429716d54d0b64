import { rasterEdge } from '../../features/raster.ts'

const stride = rasterEdge + 1

/**
 * Summed-area table of a picture with several numbers a pixel, so that the sum over any box costs four
 * look-ups. 64-bit, because differences of large sums would lose the small ones.
 * Source: Crow, Summed-area tables for texture mapping, SIGGRAPH 1984.
 */
export class IntegralImage {
  readonly #sums: Float64Array
  readonly #depth: number

  /** @param values `rasterEdge * rasterEdge * depth` numbers, pixel after pixel */
  constructor(values: Float32Array, depth: number) {
    this.#depth = depth
    const sums = new Float64Array(stride * stride * depth)
    const row = new Float64Array(depth)
    for (let y = 0, from = 0; y < rasterEdge; y++) {
      row.fill(0)
      let to = ((y + 1) * stride + 1) * depth
      for (let x = 0; x < rasterEdge; x++) {
        for (let plane = 0; plane < depth; plane++, from++, to++) {
          row[plane]! += values[from]!
          sums[to] = sums[to - stride * depth]! + row[plane]!
        }
      }
    }
    this.#sums = sums
  }

  /** Writes the sums over an `edge` x `edge` box, one a plane, to `out` from `at` on. */
  sum(left: number, top: number, edge: number, out: Float64Array, at: number): void {
    const sums = this.#sums
    const depth = this.#depth
    let topLeft = (top * stride + left) * depth
    let topRight = topLeft + edge * depth
    let bottomLeft = topLeft + edge * stride * depth
    let bottomRight = bottomLeft + edge * depth
    for (let plane = 0; plane < depth; plane++) {
      out[at + plane] =
        sums[bottomRight++]! - sums[bottomLeft++]! - sums[topRight++]! + sums[topLeft++]!
    }
  }
}
