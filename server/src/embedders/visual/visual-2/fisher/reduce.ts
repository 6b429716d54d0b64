import { padded, type Kernel, type Rows } from '../kernel/dot-products.ts'
import type { Patches } from './patches.ts'

/**
 * Principal components of patch descriptors, learned from pictures and their mirror images alike:
 * each then lies wholly in the sums or wholly in the differences of mirror coordinates.
 */
export interface Reduction {
  /** The mean of the sums; the differences have none. As long as half a descriptor. */
  readonly mean: Float32Array
  /** Rows as long as `mean`, scaled so that a coordinate has unit variance on average. */
  readonly evenBasis: Float32Array
  readonly oddBasis: Float32Array
}

/** Patch centres span +-0.5; three times that gives them the weight of a strong component. */
const positionScale = 3

/**
 * Turns patch descriptors into few coordinates. Each row holds the odd ones (components, then x), which
 * change sign when the picture is mirrored, and then the even ones (components, then y), which do not;
 * both are filled up with zeros to a multiple of 4.
 */
export class PatchReducer {
  readonly odd: number
  readonly even: number
  /** Of both, with the filling. */
  readonly width: number
  /** Written by {@link reduce}; each row has room for `width` more numbers. */
  readonly coordinates: Rows
  readonly #kernel: Kernel
  readonly #mean: Float32Array
  readonly #descriptors: Rows
  readonly #oddBasis: Rows
  readonly #evenBasis: Rows

  /** @param count how many patches a picture has */
  constructor({ mean, evenBasis, oddBasis }: Reduction, count: number, kernel: Kernel) {
    const half = mean.length
    this.#kernel = kernel
    this.#mean = mean
    this.#oddBasis = kernel.rows(oddBasis.length / half, half)
    this.#oddBasis.values.set(oddBasis)
    this.#evenBasis = kernel.rows(evenBasis.length / half, half)
    this.#evenBasis.values.set(evenBasis)
    this.odd = this.#oddBasis.count + 1
    this.even = this.#evenBasis.count + 1
    this.width = padded(this.odd) + padded(this.even)
    this.#descriptors = kernel.rows(count, 2 * half)
    this.coordinates = kernel.rows(count, 2 * this.width)
  }

  reduce(patches: Patches): void {
    this.#centre(patches)
    const { values, stride } = this.coordinates
    const evenStart = padded(this.odd)
    this.#kernel.multiply(this.#descriptors, this.#mean.length, this.#oddBasis, this.coordinates)
    this.#kernel.multiply(this.#descriptors, 0, this.#evenBasis, this.coordinates, evenStart)
    for (let patch = 0; patch < patches.count; patch++) {
      const row = patch * stride
      values[row + this.odd - 1] = positionScale * patches.x[patch]!
      values[row + evenStart + this.even - 1] = positionScale * patches.y[patch]!
    }
  }

  #centre(patches: Patches): void {
    const { values } = this.#descriptors
    const mean = this.#mean
    values.set(patches.values)
    for (let row = 0; row < patches.values.length; row += patches.length) {
      for (let at = 0; at < mean.length; at++) values[row + at]! -= mean[at]!
    }
  }
}
