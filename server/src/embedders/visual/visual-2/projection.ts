import { Kernel, type Rows } from './kernel/dot-products.ts'
import { toUnit } from './normalise.ts'

/**
 * Centring, principal components and partial whitening as one linear map, in 8 bits a number:
 * `scales[j] * (rows[j] . x) - offsets[j]`.
 */
export interface Projection {
  /** One row a dimension, each as long as what is projected. */
  readonly rows: Int8Array
  readonly scales: Float32Array
  readonly offsets: Float32Array
}

export class Projector {
  readonly #kernel: Kernel
  readonly #rows: Rows
  readonly #input: Rows
  readonly #products: Rows
  readonly #scales: Float32Array
  readonly #offsets: Float32Array

  constructor({ rows, scales, offsets }: Projection) {
    const dimensions = scales.length
    const length = rows.length / dimensions
    this.#kernel = new Kernel((4 * (rows.length + 4 * length + 4 * dimensions)) / 2 ** 20)
    this.#rows = this.#kernel.rows(dimensions, length)
    this.#rows.values.set(rows)
    this.#input = this.#kernel.rows(1, length)
    this.#products = this.#kernel.rows(1, dimensions)
    this.#scales = scales
    this.#offsets = offsets
  }

  /** The projection of `vector`, unit length. */
  project(vector: Float32Array): Float32Array {
    this.#input.values.set(vector)
    this.#kernel.multiply(this.#input, 0, this.#rows, this.#products)
    const products = this.#products.values
    return toUnit(this.#scales.map((scale, at) => scale * products[at]! - this.#offsets[at]!))
  }
}
