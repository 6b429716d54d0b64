import { monitorEventLoopDelay } from 'node:perf_hooks'
import { LookalikeError } from '../errors.ts'

const windowMs = 1000
const resolutionMs = 20
/** A server whose every step takes this much longer than it should answers nobody in time. */
const maxMeanMs = 500

/** How late the process comes to its work, in milliseconds, over the last second that has ended. */
export interface EventLoopDelay {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

/** Measures how late the event loop is. */
export class EventLoop {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #timer: NodeJS.Timeout
  #delay: EventLoopDelay = { mean: 0, p99: 0, max: 0 }
  #lateWindows = 0
  #refused = 0

  constructor() {
    this.#histogram.enable()
    this.#timer = setInterval(() => this.#endWindow(), windowMs).unref()
  }

  get delay(): EventLoopDelay {
    return this.#delay
  }

  /** Pieces of work turned away because the loop was late. */
  get refused(): number {
    return this.#refused
  }

  /**
   * For work that makes it later: refused once the delay has lasted, for one long step passes by itself.
   *
   * @throws LookalikeError `overloaded`
   */
  assertOnTime(): void {
    if (this.#lateWindows < 2) return
    this.#refused++
    throw new LookalikeError(
      'overloaded',
      'The server has more to do than it can keep up with. Try again in 2 s.',
      { retryAfter: 2 },
    )
  }

  close(): void {
    clearInterval(this.#timer)
    this.#histogram.disable()
  }

  #endWindow(): void {
    // The histogram counts from one tick of its own to the next.
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
    const { mean, max, count } = this.#histogram
    this.#delay =
      count === 0
        ? { mean: 0, p99: 0, max: 0 }
        : { mean: late(mean), p99: late(this.#histogram.percentile(99)), max: late(max) }
    this.#histogram.reset()
    this.#lateWindows = this.#delay.mean > maxMeanMs ? this.#lateWindows + 1 : 0
  }
}
