import { Rotation } from './rotation.ts'

/** Bytes before the planes of a code: its scale and its sum, 32-bit floats, and 8 of nothing. */
const headBytes = 16

/** A code takes about this many bytes at most: a million fit beside everything else in a small machine. */
const maxPlaneBytes = 256

/**
 * For each number of bits: the step between levels that suits normal numbers best, in their deviations, and what
 * of their square it loses. Source: Max, Quantizing for minimum distortion, table II; the last by the same rule.
 */
const levels = {
  1: { step: 2, loss: 0.3634, queryBits: 4 },
  2: { step: 0.9957, loss: 0.1188, queryBits: 5 },
  4: { step: 0.3352, loss: 0.01154, queryBits: 7 },
  8: { step: 0.0308, loss: 0.0001, queryBits: 8 },
} as const

type Bits = keyof typeof levels

/** A query as the kernel takes it: planes of bits, and how its products become inner products. */
export interface CodedQuery {
  readonly planes: Uint32Array
  readonly half: number
  readonly rest: number
  readonly scale: number
}

/**
 * Unit vectors in 1, 2, 4 or 8 bits a number, as many as fit 256 bytes. Turned at random first, the numbers of any
 * vector are as good as normal, so that levels and errors are known without learning from the library. A code
 * keeps, beside the levels, by what their inner product with another vector is multiplied to be that of the
 * vector itself, on average.
 *
 * Source: Gao and Long, RaBitQ: quantizing high-dimensional vectors with a theoretical error bound for
 * approximate nearest neighbor search, 2024, section 3; its successor for more bits, 2025.
 */
export class Coding {
  readonly bits: Bits
  readonly queryBits: number
  /** 64-bit words of a plane: a bit for each number, and zeros to an even length. */
  readonly words: number
  /** Of a code, head and all: a multiple of 16. */
  readonly bytes: number
  /** Standard deviation of an estimated inner product from the true one. */
  readonly deviation: number
  readonly #dimensions: number
  readonly #rotation: Rotation
  readonly #step: number

  constructor(dimensions: number) {
    this.words = 2 * Math.ceil(dimensions / 128)
    const fitting = ([8, 4, 2, 1] as const).find((bits) => bits * this.words * 8 <= maxPlaneBytes)
    this.bits = fitting ?? 1
    this.bytes = headBytes + this.bits * this.words * 8
    const { step, loss, queryBits } = levels[this.bits]
    this.queryBits = queryBits
    // A query's largest number is about four deviations; the error of an even step is a twelfth of its square.
    const queryLoss = (8 / (2 ** queryBits - 1)) ** 2 / 12
    this.deviation = Math.sqrt((loss + queryLoss) / (1 - loss) / dimensions)
    this.#dimensions = dimensions
    this.#rotation = new Rotation(dimensions)
    this.#step = step / Math.sqrt(dimensions)
  }

  /**
   * @param turned a vector, by the `Rotation` of its dimensions
   * @param into this.bytes long, and all of it is written
   */
  encode(turned: Float32Array, into: Uint32Array): void {
    const highest = 2 ** this.bits - 1
    const middle = highest / 2
    into.fill(0)
    let sum = 0
    let product = 0
    for (let at = 0; at < turned.length; at++) {
      const value = turned[at]!
      const level = Math.max(0, Math.min(highest, Math.floor(value / this.#step + middle + 0.5)))
      sum += level
      product += value * (level - middle)
      this.#setBits(into, headBytes / 4, at, level)
    }
    const head = new Float32Array(into.buffer, into.byteOffset, 2)
    head[0] = product > 0 ? 1 / product : 0
    head[1] = sum
  }

  query(vector: Float32Array): CodedQuery {
    const turned = this.#rotation.turn(vector)
    const highest = 2 ** this.queryBits - 1
    let largest = 0
    for (const value of turned) largest = Math.max(largest, Math.abs(value))
    const step = (2 * largest) / highest
    const planes = new Uint32Array(this.queryBits * this.words * 2)
    let sum = 0
    for (let at = 0; at < turned.length; at++) {
      const level = Math.round(turned[at]! / step + highest / 2)
      sum += level
      this.#setBits(planes, 0, at, level)
    }
    const middle = (2 ** this.bits - 1) / 2
    return {
      planes,
      half: -highest / 2,
      rest: middle * ((this.#dimensions * highest) / 2 - sum),
      scale: step,
    }
  }

  #setBits(words: Uint32Array, from: number, at: number, level: number): void {
    const bit = 1 << (at & 31)
    for (let word = from + (at >>> 5); level > 0; level >>>= 1, word += 2 * this.words) {
      if (level & 1) words[word]! |= bit
    }
  }
}

/** Whether there is a code: one of zeros is none. */
export function isCode(code: Uint32Array): boolean {
  return code[0] !== 0
}
