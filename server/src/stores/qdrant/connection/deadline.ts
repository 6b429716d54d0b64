/** Ends every request it is given to, however many, after one stretch of time. */
export class Deadline {
  readonly signal: AbortSignal
  readonly #end: number

  /** @param outer a longer one, which ends this one too */
  constructor(ms: number, outer?: Deadline) {
    const own = AbortSignal.timeout(Math.floor(ms))
    this.signal = outer ? AbortSignal.any([own, outer.signal]) : own
    this.#end = Math.min(performance.now() + ms, outer ? outer.#end : Infinity)
  }

  /** Ends with the one that ends first. */
  within(outer: Deadline): Deadline {
    return new Deadline(Math.max(0, this.#end - performance.now()), outer)
  }

  /** Whether a pause of that length leaves time to ask once more. */
  allows(pauseMs: number): boolean {
    return performance.now() + pauseMs < this.#end
  }

  /** A deadline at half of the time that is left. */
  half(): Deadline {
    return new Deadline(Math.max(0, (this.#end - performance.now()) / 2), this)
  }
}
