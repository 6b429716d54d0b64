import { setImmediate } from 'node:timers/promises'
import { type CodedQuery, type Coding, isCode } from './coding.ts'
import { openKernel } from './kernel.ts'

export interface Estimate {
  readonly row: number
  /** Of the cosine. */
  readonly score: number
}

const pageBytes = 65_536
/** Codes that lie together, and are given up together. */
const blockRows = 1_024
/** Compared before other work gets its turn: a millisecond or two. */
export const batch = 16_384

/**
 * Codes of the library's vectors in memory, by row: fifty or more are compared in the time that one whole vector
 * takes to be read. What they say of a cosine is off by `deviation`.
 */
export class CodedVectors {
  readonly #coding: Coding
  readonly #kernel = openKernel()
  readonly #query: number
  readonly #list: number
  readonly #out: number
  #end: number
  /** Where blocks begin in the memory, by their number; 0 for none. */
  readonly #blocks: number[] = []
  readonly #inBlock: number[] = []
  readonly #free: number[] = []
  #size = 0

  constructor(coding: Coding) {
    this.#coding = coding
    this.#query = pageBytes
    this.#list = this.#query + align(coding.queryBits * coding.words * 8)
    this.#out = this.#list + 4 * batch
    this.#end = this.#out + 4 * batch
    this.#reserve(this.#end)
  }

  get size(): number {
    return this.#size
  }

  /** @throws RangeError when there are 4 GB of codes */
  set(row: number, code: Uint32Array): void {
    const address = this.#address(row) || this.#allocate(row)
    const words = new Uint32Array(this.#kernel.memory.buffer, address, code.length)
    const before = isCode(words)
    words.set(code)
    this.#count(row, Number(isCode(code)) - Number(before))
  }

  delete(row: number): void {
    const address = this.#address(row)
    if (address === 0) return
    const words = new Uint32Array(this.#kernel.memory.buffer, address, this.#coding.bytes / 4)
    if (!isCode(words)) return
    words.fill(0)
    this.#count(row, -1)
  }

  /**
   * About the `count` nearest of the rows, best first by what their codes say. Rows without a code are left out.
   *
   * @param lists rows, at most `batch` in each
   */
  async nearest(
    vector: Float32Array,
    lists: Iterable<Uint32Array>,
    count: number,
  ): Promise<Estimate[]> {
    const query = this.#coding.query(vector)
    const best = new Best(count)
    let isFirst = true
    for (const rows of lists) {
      if (!isFirst) await setImmediate()
      isFirst = false
      this.#compare(query, rows, best)
    }
    return best.sorted()
  }

  #compare(query: CodedQuery, rows: Uint32Array, best: Best): void {
    const { buffer } = this.#kernel.memory
    new Uint32Array(buffer, this.#query, query.planes.length).set(query.planes)
    const list = new Uint32Array(buffer, this.#list, rows.length)
    const listed = new Uint32Array(rows.length)
    let count = 0
    for (const row of rows) {
      const address = this.#address(row)
      if (address === 0) continue
      listed[count] = row
      list[count++] = address
    }
    const { bits, words, queryBits } = this.#coding
    this.#kernel.estimate(
      this.#list, count, this.#query, bits, words, queryBits, query.half, query.rest, this.#out,
    ) // prettier-ignore
    const scores = new Float32Array(buffer, this.#out, count)
    const heads = new Uint32Array(buffer)
    for (let at = 0; at < count; at++) {
      // Where there is no code, it comes to 0; elsewhere that is rare, and looking at each head takes long.
      if (scores[at] === 0 && heads[list[at]! / 4] === 0) continue
      best.offer(listed[at]!, scores[at]! * query.scale)
    }
  }

  #address(row: number): number {
    const block = this.#blocks[Math.floor(row / blockRows)]
    return block ? block + (row % blockRows) * this.#coding.bytes : 0
  }

  #allocate(row: number): number {
    const bytes = blockRows * this.#coding.bytes
    let block = this.#free.pop()
    if (block === undefined) {
      block = this.#end
      this.#reserve(block + bytes)
      this.#end = block + bytes
    }
    this.#blocks[Math.floor(row / blockRows)] = block
    return this.#address(row)
  }

  #reserve(bytes: number): void {
    const missing = Math.ceil((bytes - this.#kernel.memory.buffer.byteLength) / pageBytes)
    if (missing > 0) this.#kernel.memory.grow(missing)
  }

  /** A block in which nothing is left is given to whoever needs one next. */
  #count(row: number, difference: number): void {
    const block = Math.floor(row / blockRows)
    this.#size += difference
    const left = (this.#inBlock[block] = (this.#inBlock[block] ?? 0) + difference)
    if (left > 0) return
    this.#free.push(this.#blocks[block]!)
    this.#blocks[block] = 0
  }
}

/** The best of what is offered, cut back to `count` whenever four times as many have come. */
class Best {
  readonly #count: number
  readonly #rows: Uint32Array
  readonly #scores: Float32Array
  #kept = 0
  #worst = -Infinity

  constructor(count: number) {
    this.#count = count
    this.#rows = new Uint32Array(4 * count)
    this.#scores = new Float32Array(4 * count)
  }

  offer(row: number, score: number): void {
    if (!(score > this.#worst)) return
    this.#rows[this.#kept] = row
    this.#scores[this.#kept++] = score
    if (this.#kept === this.#rows.length) this.#cut()
  }

  sorted(): Estimate[] {
    if (this.#kept > this.#count) this.#cut()
    const estimates: Estimate[] = []
    for (let at = 0; at < this.#kept; at++) {
      estimates.push({ row: this.#rows[at]!, score: this.#scores[at]! })
    }
    return estimates.sort((a, b) => b.score - a.score)
  }

  /** Numbers alone are sorted in a tenth of the time that entries take. */
  #cut(): void {
    const scores = this.#scores.slice(0, this.#kept).sort()
    this.#worst = scores[this.#kept - this.#count]!
    // Of those that are as good as the worst there may be more than have room.
    let room = this.#count - (this.#kept - upper(scores, this.#worst))
    let kept = 0
    for (let at = 0; at < this.#kept; at++) {
      const score = this.#scores[at]!
      if (score < this.#worst || (score === this.#worst && room-- <= 0)) continue
      this.#rows[kept] = this.#rows[at]!
      this.#scores[kept++] = score
    }
    this.#kept = kept
  }
}

function align(bytes: number): number {
  return 16 * Math.ceil(bytes / 16)
}

/** Where what is greater than the value begins in ascending numbers. */
function upper(ascending: Float32Array, value: number): number {
  const at = ascending.findIndex((each) => each > value)
  return at === -1 ? ascending.length : at
}
