import type { PartName } from '../../server/src/embedders/visual/parts.ts'
import type { DataMatrix } from './principal-subspace.ts'

/** The parts of many pictures, a matrix for each part. */
export class PartRows {
  readonly #capacity: number
  readonly #matrices = new Map<string, { values: Float32Array; length: number }>()
  #count = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(parts: Record<PartName, Float32Array>): void {
    for (const [name, part] of Object.entries(parts)) {
      const known = this.#matrices.get(name)
      const matrix = known ?? {
        values: new Float32Array(this.#capacity * part.length),
        length: part.length,
      }
      if (!known) this.#matrices.set(name, matrix)
      matrix.values.set(part, this.#count * part.length)
    }
    this.#count++
  }

  of(name: PartName): DataMatrix {
    return this.#matrices.get(name)!
  }
}
