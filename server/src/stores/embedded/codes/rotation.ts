/** One leaves vectors of a single number in patterns, which products of two of them show. */
const rounds = 2

/**
 * Turns vectors so that what lies in few of their numbers is spread over all of them: signs drawn once for all,
 * then a Walsh-Hadamard transform, and both again; of lengths that are no power of two the first and the last such
 * part, which overlap. Lengths and inner products stay as they are. The same on every machine.
 *
 * Source: Ailon and Chazelle, The fast Johnson-Lindenstrauss transform, section 2, and the Kac walk of the
 * RaBitQ library's rotator for other lengths.
 */
export class Rotation {
  readonly dimensions: number
  readonly #signs: Float32Array[]
  readonly #length: number

  constructor(dimensions: number) {
    this.dimensions = dimensions
    this.#length = 2 ** Math.floor(Math.log2(dimensions))
    const parts = this.#length < dimensions ? 2 : 1
    this.#signs = Array.from({ length: rounds * parts }, (_, part) =>
      Float32Array.from({ length: this.#length }, (_, at) => signOf(1 + at + part * dimensions)),
    )
  }

  turn(vector: Float32Array): Float32Array {
    const turned = vector.slice()
    for (const [part, signs] of this.#signs.entries()) {
      const from = part % 2 === 0 ? 0 : turned.length - this.#length
      transform(turned.subarray(from, from + this.#length), signs)
    }
    return turned
  }
}

/** In place, orthonormal. */
function transform(values: Float32Array, signs: Float32Array): void {
  const { length } = values
  const scale = 1 / Math.sqrt(length)
  for (let at = 0; at < length; at++) values[at]! *= signs[at]! * scale
  for (let half = 1; half < length; half *= 2) {
    for (let from = 0; from < length; from += 2 * half) {
      for (let at = from; at < from + half; at++) {
        const a = values[at]!
        const b = values[at + half]!
        values[at] = a + b
        values[at + half] = a - b
      }
    }
  }
}

/** An even 1 or -1 for each number. Source: the finaliser of MurmurHash3. */
function signOf(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) & 1 ? 1 : -1
}
