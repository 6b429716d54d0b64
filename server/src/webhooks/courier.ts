import type { Deliveries, Delivery } from '../state/deliveries.ts'
import type { Send } from './send.ts'

const minute = 60_000
/**
 * After each attempt that failed, the next comes so much later, and up to a tenth more so that those that failed together do not
 * come back together; after the last nothing more is sent. Standard Webhooks advises days; what is listed is not lost either way.
 */
const pausesMs = [5_000, minute, 5 * minute, 30 * minute, 2 * 60 * minute, 5 * 60 * minute, 10 * 60 * minute] // prettier-ignore
const atOnce = 4
/** Longer than an attempt takes. A server that dies leaves its claims to the others for this long. */
const claimMs = 30_000
/** How often it is looked whether other servers left something. */
const longestSleepMs = minute
const leastSleepMs = 50

/** Sends what waits, one message of each question at a time and in their order. */
export class Courier {
  readonly #deliveries: Deliveries
  readonly #send: Send
  readonly #pausesMs: readonly number[]
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined

  constructor(deliveries: Deliveries, send: Send, pauses: readonly number[] = pausesMs) {
    this.#deliveries = deliveries
    this.#send = send
    this.#pausesMs = pauses
  }

  /** Looks for messages that wait, now; from then on whenever one is due. */
  wake(): void {
    if (this.#closing.signal.aborted) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), 0).unref()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await Promise.all(this.#underWay)
  }

  #look(): void {
    let sleepMs = longestSleepMs
    try {
      for (const delivery of this.#deliveries.claim(atOnce - this.#underWay.size, claimMs)) {
        const attempt = this.#deliver(delivery).finally(() => {
          this.#underWay.delete(attempt)
          this.wake()
        })
        this.#underWay.add(attempt)
      }
      const { nextAt } = this.#deliveries
      // While all hands are full, the next to be free looks again.
      if (nextAt !== null) sleepMs = Math.max(leastSleepMs, Math.min(sleepMs, nextAt - Date.now()))
    } catch {
      // A disk that is full says so by itself.
    }
    if (this.#closing.signal.aborted) return
    this.#timer = setTimeout(() => this.#look(), sleepMs).unref()
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const deliveries = this.#deliveries
    try {
      const outcome = await this.#send(delivery, delivery, this.#closing.signal)
      if (outcome.kind === 'taken') return deliveries.settle(delivery)
      if (outcome.kind === 'refused') return deliveries.stop(delivery, outcome.why)
      const pause = this.#pausesMs[delivery.attempts]
      if (pause === undefined) {
        const attempts = delivery.attempts + 1
        return deliveries.stop(delivery, `${outcome.why} It was tried ${attempts} times.`)
      }
      const until = Date.now() + Math.max(pause * (1 + Math.random() / 10), outcome.pauseMs)
      deliveries.postpone(delivery, Math.round(until), outcome.why)
    } catch {
      // Cut off as the server stops, or a disk that took no note: it is sent again, under the same id.
      this.#giveBack(delivery)
    }
  }

  #giveBack(delivery: Delivery): void {
    try {
      this.#deliveries.giveBack(delivery)
    } catch {
      // Its claim ends by itself.
    }
  }
}
