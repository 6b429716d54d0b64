import { setImmediate } from 'node:timers/promises'
import { yieldToOthers } from '../yield-to-others.ts'
import type { WriteAheadLog } from './write-ahead-log.ts'

interface Waiting<Write, Result> {
  readonly write: Write
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: writes that arrive while others wait share one transaction, as far as that does not take long, and one
 * disk sync. Between two transactions others have their turn.
 */
export class WriteQueue<Write, Result> {
  readonly #log: WriteAheadLog
  readonly #commit: (writes: Write[]) => Result[]
  readonly #weigh: (write: Write) => number
  readonly #most: number
  readonly #waiting: Waiting<Write, Result>[] = []
  #isRunning = false
  #running: Promise<void> = Promise.resolve()

  /**
   * @param commit makes all of the given writes part of the database, by `log.commit`, or throws and has done none of them
   * @param most that is committed at once, as `weigh` has it; one write may weigh more
   */
  constructor(
    log: WriteAheadLog,
    commit: (writes: Write[]) => Result[],
    { weigh, most }: { weigh: (write: Write) => number; most: number },
  ) {
    this.#log = log
    this.#commit = commit
    this.#weigh = weigh
    this.#most = most
  }

  /** Resolves once the write is durable; others see it before. */
  add(write: Write): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject })
      if (!this.#isRunning) this.#running = this.#run()
    })
  }

  /** Resolves once all that was added is durable, or has failed. */
  async drain(): Promise<void> {
    await this.#running
    await this.#log.sync().catch(() => {})
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    // What comes in the same turn comes along.
    await setImmediate()
    for (let isFirst = true; this.#waiting.length > 0; isFirst = false) {
      // Many transactions are long work; a single one somebody waits for.
      if (!isFirst) await yieldToOthers()
      await this.#log.writable()
      this.#commitNext(this.#next())
    }
    this.#isRunning = false
  }

  #next(): Waiting<Write, Result>[] {
    let weight = 0
    const end = this.#waiting.findIndex(({ write }) => (weight += this.#weigh(write)) > this.#most)
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end))
  }

  #commitNext(batch: Waiting<Write, Result>[]): void {
    const rejectAll = (error: unknown) => batch.forEach(({ reject }) => reject(error))
    try {
      const results = this.#commit(batch.map(({ write }) => write))
      this.#log
        .sync()
        .then(() => batch.forEach(({ resolve }, index) => resolve(results[index]!)), rejectAll)
    } catch (error) {
      rejectAll(error)
    }
  }
}
