/**
 * Rows of the library, a bit for each that there could be: a million rows are 125 kB however many are in
 * it, and two sets are compared in microseconds.
 */
export class RowSet {
  #words: Uint32Array
  #size = 0

  /** @param lastRow rows up to this have room from the start */
  constructor(lastRow = 0) {
    this.#words = new Uint32Array((lastRow >>> 5) + 1)
  }

  /** Every row up to the last, whether there is one or not. */
  static through(lastRow: number): RowSet {
    const rows = new RowSet(lastRow)
    rows.#words.fill(2 ** 32 - 1)
    rows.#size = 32 * rows.#words.length
    return rows
  }

  get size(): number {
    return this.#size
  }

  has(row: number): boolean {
    return ((this.#words[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0
  }

  add(row: number): void {
    const word = row >>> 5
    if (word >= this.#words.length) this.#grow(word + 1)
    if (this.has(row)) return
    this.#words[word]! |= 1 << (row & 31)
    this.#size++
  }

  delete(row: number): void {
    if (!this.has(row)) return
    this.#words[row >>> 5]! &= ~(1 << (row & 31))
    this.#size--
  }

  /** The rows of both. */
  and(other: RowSet): RowSet {
    const [a, b] = [this.#words, other.#words]
    const words = new Uint32Array(Math.min(a.length, b.length))
    for (let at = 0; at < words.length; at++) words[at] = a[at]! & b[at]!
    return RowSet.#of(words)
  }

  /** The rows of either. */
  or(other: RowSet): RowSet {
    const [short, long] = [this.#words, other.#words].sort((a, b) => a.length - b.length)
    const words = long!.slice()
    for (let at = 0; at < short!.length; at++) words[at]! |= short![at]!
    return RowSet.#of(words)
  }

  /** The rows of this that the other lacks. */
  without(other: RowSet): RowSet {
    const words = this.#words.slice()
    const shared = Math.min(words.length, other.#words.length)
    for (let at = 0; at < shared; at++) words[at]! &= ~other.#words[at]!
    return RowSet.#of(words)
  }

  /** The `count` highest below `before`, descending. */
  lastBefore(before: number, count: number): number[] {
    const found: number[] = []
    const first = Math.min(before, 32 * this.#words.length)
    for (let at = first >>> 5; at >= 0 && found.length < count; at--) {
      let word = this.#words[at] ?? 0
      if (at === first >>> 5) word &= (1 << (first & 31)) - 1
      for (; word !== 0 && found.length < count;) {
        const bit = 31 - Math.clz32(word)
        found.push(at * 32 + bit)
        word &= ~(1 << bit)
      }
    }
    return found
  }

  /** Ascending, in lists of `size` or fewer, each of which is good until the next is asked for. */
  *lists(size: number): Generator<Uint32Array> {
    const list = new Uint32Array(size)
    let filled = 0
    for (let at = 0; at < this.#words.length; at++) {
      for (let word = this.#words[at]!; word !== 0; word &= word - 1) {
        list[filled++] = at * 32 + 31 - Math.clz32(word & -word)
        if (filled < size) continue
        yield list
        filled = 0
      }
    }
    if (filled > 0) yield list.subarray(0, filled)
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (const list of this.lists(1_024)) yield* list
  }

  static #of(words: Uint32Array): RowSet {
    const set = new RowSet()
    let size = 0
    for (const word of words) size += ones(word)
    set.#words = words
    set.#size = size
    return set
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, Math.ceil(1.5 * this.#words.length)))
    grown.set(this.#words)
    this.#words = grown
  }
}

/** How many bits of a 32-bit number are 1. Source: Warren, Hacker's Delight, section 5-1. */
function ones(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555)
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333)
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
