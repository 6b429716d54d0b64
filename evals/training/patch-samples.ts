import type { Patches } from '../../server/src/embedders/visual/fisher/patches.ts'
import { PatchReducer, type Reduction } from '../../server/src/embedders/visual/fisher/reduce.ts'
import { Kernel, padded } from '../../server/src/embedders/visual/kernel/dot-products.ts'

/** Patches drawn from many pictures, some of them mirrored. */
export class PatchSamples {
  readonly #random: () => number
  readonly #perPicture: number
  readonly #parts: Patches[] = []

  constructor(perPicture: number, random: () => number) {
    this.#perPicture = perPicture
    this.#random = random
  }

  /** Draws from one picture's patches; half of the draws are mirrored, as the embedder pools both. */
  add(all: Patches): void {
    const { length } = all
    const count = this.#perPicture
    const values = new Float32Array(count * length)
    const x = new Float32Array(count)
    const y = new Float32Array(count)
    for (let row = 0; row < count; row++) {
      const patch = Math.floor(this.#random() * all.count)
      const sign = this.#random() < 0.5 ? -1 : 1
      values.set(all.values.subarray(patch * length, (patch + 1) * length), row * length)
      for (let at = row * length + length / 2; at < (row + 1) * length; at++) values[at]! *= sign
      x[row] = all.x[patch]! * sign
      y[row] = all.y[patch]!
    }
    this.#parts.push({ count, length, values, x, y })
  }

  /** All descriptors drawn so far, end to end. */
  rows(): Float32Array {
    const rows = new Float32Array(this.#parts.reduce((sum, { values }) => sum + values.length, 0))
    let to = 0
    for (const { values } of this.#parts) {
      rows.set(values, to)
      to += values.length
    }
    return rows
  }

  /** Their coordinates, `width` numbers each: odd ones, then even ones. */
  reduced(reduction: Reduction): { readonly coordinates: Float64Array; readonly width: number } {
    const reducer = new PatchReducer(reduction, this.#perPicture, new Kernel(4))
    const { odd, even, coordinates: reduced } = reducer
    const width = odd + even
    const coordinates = new Float64Array(this.#parts.length * this.#perPicture * width)
    let to = 0
    for (const part of this.#parts) {
      reducer.reduce(part)
      for (let patch = 0; patch < part.count; patch++, to += width) {
        const row = patch * reduced.stride
        coordinates.set(reduced.values.subarray(row, row + odd), to)
        const evenStart = row + padded(odd)
        coordinates.set(reduced.values.subarray(evenStart, evenStart + even), to + odd)
      }
    }
    return { coordinates, width }
  }
}
