import { setTimeout } from 'node:timers/promises'
import type { Room } from '../../data-dir/room.ts'
import type { Truth } from './truth/truth.ts'

/** Moved in one transaction: some 10 ms, and as many are left to others. */
const movedAtOnce = 100
/** What a transaction writes, to the log first. */
export const stepBytes = 16e6
const retryMs = 30_000

/**
 * Moves the vectors of a library that a version before 9 filled to where they lie today, while it is
 * used. What is moved is moved for good: a process that dies goes on from there at its next start.
 */
export class FormerMove {
  readonly #truth: Truth
  readonly #room: Room
  readonly #closing = new AbortController()
  readonly #moving: Promise<void>
  #movedTo: number | null = 0

  constructor(truth: Truth, room: Room) {
    this.#truth = truth
    this.#room = room
    this.#moving = truth.vectors.hasFormer ? this.#move() : Promise.resolve()
    if (!truth.vectors.hasFormer) this.#movedTo = null
  }

  /** What it is doing, for people; null when all is done. */
  get task(): string | null {
    if (this.#movedTo === null) return null
    const share = this.#movedTo / Math.max(1, this.#truth.vectors.lastRow())
    return `Its vectors are being packed closer (${Math.floor(100 * share)} %).`
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#moving
  }

  async #move(): Promise<void> {
    const { signal } = this.#closing
    while (this.#movedTo !== null && !signal.aborted) {
      const started = performance.now()
      const pause = (await this.#step()) ? performance.now() - started : retryMs
      await setTimeout(pause, null, { signal, ref: false }).catch(() => {})
    }
  }

  /** False when it cannot be done now, on a full disk for instance. */
  async #step(): Promise<boolean> {
    if (!this.#room.has(stepBytes)) return false
    try {
      this.#movedTo = await this.#truth.writeAsync(() =>
        this.#truth.vectors.moveFormer(movedAtOnce),
      )
      return true
    } catch {
      return false
    }
  }
}
