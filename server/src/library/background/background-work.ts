/**
 * Work behind the requests, one run at a time: begun when there may be something to do, and again a while after it failed.
 * What there is to do is kept by whoever it is done for, where the process may die at any moment, and a run goes on until
 * nothing is left of it.
 */
export class BackgroundWork {
  readonly #work: (signal: AbortSignal) => Promise<void>
  readonly #retryAfterMs: number
  readonly #closing = new AbortController()
  #isRunning = false
  #lastRun = Promise.resolve()
  /** More may have come since the run began. */
  #again = false
  #timer: NodeJS.Timeout | undefined
  /** Of `performance.now`; while there is a timer. */
  #wakesAt = 0
  #failures = 0
  #trouble: unknown

  /** @param work given a signal that is aborted when all is to end; what it throws then is nobody's trouble */
  constructor(work: (signal: AbortSignal) => Promise<void>, retryAfterMs: number) {
    this.#work = work
    this.#retryAfterMs = retryAfterMs
  }

  /** Begins a run, soon: who wants it sooner gets it so, except that what failed has its pause. */
  wake(afterMs = 0): void {
    const at = performance.now() + afterMs
    if (this.isWaitingToRetry || (this.#timer && this.#wakesAt <= at)) return
    this.#runAt(at, afterMs)
  }

  /** Runs now. Resolves when nothing is left to do, or when that failed; never throws. */
  run(): Promise<void> {
    this.#again = true
    if (!this.#isRunning) {
      this.#isRunning = true
      this.#lastRun = this.#runAll()
    }
    return this.#lastRun
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Whether the last run failed, and the next is yet to begin. */
  get isWaitingToRetry(): boolean {
    return this.#timer !== undefined && this.#failures > 0
  }

  /** Whether it runs, or is about to. */
  get isDue(): boolean {
    return this.isRunning || this.#timer !== undefined
  }

  /** How many runs failed, one after the other, until now. */
  get failures(): number {
    return this.#failures
  }

  /** Why the last run failed; undefined when it did not. */
  get trouble(): unknown {
    return this.#trouble
  }

  /** Ends the run at its next look at the signal. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#lastRun
  }

  async #runAll(): Promise<void> {
    const { signal } = this.#closing
    try {
      while (this.#again && !signal.aborted) {
        this.#again = false
        await this.#work(signal)
        this.#failures = 0
        this.#trouble = undefined
      }
    } catch (error) {
      if (signal.aborted) return
      this.#failures++
      this.#trouble = error
      this.#runAt(performance.now() + this.#retryAfterMs, this.#retryAfterMs)
    } finally {
      // In the same turn as the last look at `again`: whoever asks after it begins a run of his own.
      this.#isRunning = false
    }
  }

  #runAt(at: number, afterMs: number): void {
    if (this.#closing.signal.aborted) return
    clearTimeout(this.#timer)
    this.#wakesAt = at
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.run()
    }, afterMs).unref()
  }
}
