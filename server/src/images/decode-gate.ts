import { availableParallelism } from 'node:os'
import { Gate, type Entry, type GateFigures } from '../admission/gate.ts'
import { smallFileBytes, type Cost } from './cost.ts'

/** Threads of Node's pool stay free for files and names, however much is decoded. */
const smallSlots = Math.max(1, Math.min(3, availableParallelism()))
const maxLarge = Math.max(2, Math.min(4, availableParallelism()))
/** What a process of its own takes besides the picture. */
const processBytes = 70e6
const maxSmallBytes = 32e6
/** Of the memory, kept for small pictures. */
const smallShare = 1 / 4

/**
 * Through here goes whatever is decoded, by the bytes that it will take. Small pictures have turns of their own and never
 * wait behind large ones; large ones wait for each other alone, in their order, so that none waits for ever. One that would
 * take more than there is is decoded by itself.
 */
export class DecodeGate implements GateFigures {
  readonly capacity: number
  readonly #smallBytes: number
  readonly #small: Gate
  readonly #large: Gate
  readonly #tags: Gate

  /** @param capacity bytes for all that is decoded at once */
  constructor(capacity: number) {
    this.capacity = capacity
    this.#smallBytes = Math.min(maxSmallBytes, (capacity * smallShare) / smallSlots)
    this.#small = new Gate({
      capacity: smallSlots,
      maxWaiting: 256,
      maxWaitMs: 10_000,
      refusal: 'Too many pictures are being decoded at once.',
    })
    this.#large = new Gate({
      capacity: capacity - this.#smallBytes * smallSlots,
      maxWaiting: 32,
      maxWaitMs: 15_000,
      refusal: 'Too many large pictures are being decoded at once.',
    })
    this.#tags = new Gate({
      capacity: 1,
      maxWaiting: 64,
      maxWaitMs: 10_000,
      refusal: 'The metadata of too many pictures is being read at once.',
    })
  }

  /**
   * Waits for the memory that a picture takes.
   *
   * @returns gives it back
   * @throws LookalikeError `overloaded`
   */
  enter({ isSmall, bytes }: Cost, entry: Entry = {}): Promise<() => void> {
    if (isSmall) return this.#small.enter(entry)
    const least = this.#large.capacity / maxLarge
    return this.#large.enter({ ...entry, weight: Math.max(bytes + processBytes, least) })
  }

  /** @throws LookalikeError `overloaded` when a picture in a file of so many bytes would be refused now */
  assertRoom(fileBytes: number): void {
    if (fileBytes > smallFileBytes) this.#large.assertRoom()
    else this.#small.assertRoom()
  }

  /** For reading what a picture says of itself, one after the other. */
  enterTags(): Promise<() => void> {
    return this.#tags.enter()
  }

  get running(): number {
    return this.#sum('running')
  }

  get waiting(): number {
    return this.#sum('waiting')
  }

  get refused(): number {
    return this.#sum('refused')
  }

  get inUse(): number {
    return this.#small.inUse * this.#smallBytes + this.#large.inUse
  }

  #sum(figure: 'running' | 'waiting' | 'refused'): number {
    return this.#small[figure] + this.#large[figure] + this.#tags[figure]
  }
}
