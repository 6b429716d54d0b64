import { readFileSync } from 'node:fs'

type DotProducts = (
  a: number,
  aStride: number,
  b: number,
  c: number,
  cStride: number,
  rows: number,
  columns: number,
  length: number,
) => void

const pageBytes = 65536

// Measured: the same loops in JavaScript take ten times as long. Made from dot-products.wat.
const module = new WebAssembly.Module(readFileSync(new URL('./dot-products.wasm', import.meta.url)))

/** Rows of 32-bit floats in the kernel's memory; `stride` is a multiple of 4. */
export interface Rows {
  readonly values: Float32Array
  readonly count: number
  readonly stride: number
}

/** The next multiple of 4: how long rows must be. */
export function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}

/**
 * Products of matrices in WebAssembly SIMD. Its memory is set out once and used
 * again for every picture, so that embedding allocates almost nothing.
 */
export class Kernel {
  readonly #memory: WebAssembly.Memory
  readonly #dotProducts: DotProducts
  #used = 0

  /** @param megabytes enough for all rows that will be asked for */
  constructor(megabytes: number) {
    const { exports } = new WebAssembly.Instance(module)
    this.#memory = exports['memory'] as WebAssembly.Memory
    this.#dotProducts = exports['dotProducts'] as DotProducts
    this.#memory.grow(Math.ceil((megabytes * 2 ** 20) / pageBytes))
  }

  /**
   * Zeroed rows, as many as the next multiple of 4.
   *
   * @throws RangeError when the memory is used up
   */
  rows(count: number, stride: number): Rows {
    const values = new Float32Array(this.#memory.buffer, this.#used, padded(count) * stride)
    // Rows come in fours of four floats, so that every start stays aligned to a SIMD lane.
    this.#used += values.byteLength
    return { values, count, stride }
  }

  /**
   * Writes the dot product of each row of `a` with each row of `b`:
   * `c[i][j] = sum over k < b.stride of a[i][from + k] * b[j][k]`. Only `padded(b.count)` columns of
   * `c` are written.
   */
  multiply(a: Rows, from: number, b: Rows, c: Rows, to = 0): void {
    this.#dotProducts(
      a.values.byteOffset + from * 4,
      a.stride * 4,
      b.values.byteOffset,
      c.values.byteOffset + to * 4,
      c.stride * 4,
      a.count,
      b.count,
      b.stride,
    )
  }
}
