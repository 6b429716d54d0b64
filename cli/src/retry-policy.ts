import { setTimeout as sleep } from 'node:timers/promises'
import { LookalikeApiError, LookalikeConnectionError } from '@lookalike/sdk'
import { CommandError, reasonOf } from './failure.ts'
import type { Interrupt } from './interrupt.ts'

/** How long a server may be unreachable, or busy without a single success, in milliseconds. */
const maxAbsenceMs = 30_000
const maxBusyMs = 300_000
/** For what fails with one request alone, such as a model that is slow with one picture. */
const maxAttempts = 3
const maxBackoffMs = 5000

/** Answers that every other request would get as well: there is no sense in going on. */
const fatalCodes = new Set<string>([
  'unauthorized',
  'forbidden',
  'embedder_mismatch',
  'storage_full',
])

/** Thrown instead of beginning or repeating a request once the person asked to stop. */
export class Stopped extends Error {}

/** The server cannot be worked with, now or at all. */
export class GaveUp extends CommandError {}

/**
 * Repeats requests that may succeed later. Where the server as a whole is busy or away, everyone waits
 * together, for as long as `Retry-After` says: they share one server. p-retry and its like know one
 * request at a time.
 */
export class RetryPolicy {
  readonly #interrupt: Interrupt
  readonly #onWait: (seconds: number) => void
  #notBefore = 0
  #troubledSince: number | null = null

  constructor(interrupt: Interrupt, onWait: (seconds: number) => void = () => {}) {
    this.#interrupt = interrupt
    this.#onWait = onWait
  }

  /**
   * @param request one that can be repeated
   * @throws GaveUp when the whole command has to stop, Stopped when the person asked for it,
   *   and anything else when this request alone has failed
   */
  async run<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await this.#waitForServer()
      try {
        const result = await request(this.#interrupt.leaving)
        this.#troubledSince = null
        return result
      } catch (error) {
        if (this.#interrupt.leaving.aborted) throw new Stopped()
        await this.#prepareRetry(error, attempt)
      }
    }
  }

  async #waitForServer(): Promise<void> {
    for (;;) {
      if (this.#interrupt.stopping.aborted) throw new Stopped()
      const ms = this.#notBefore - Date.now()
      if (ms <= 0) return
      this.#onWait(ms / 1000)
      await this.#sleep(ms)
    }
  }

  /** Decides when to try again, or throws when that is no use. */
  async #prepareRetry(error: unknown, attempt: number): Promise<void> {
    if (error instanceof LookalikeApiError && fatalCodes.has(error.problem.code)) {
      throw new GaveUp(reasonOf(error), undefined, { cause: error })
    }
    if (!isRetryable(error)) throw error
    const asked = error instanceof LookalikeApiError ? error.retryAfter : null
    const ms = asked === null ? Math.min(250 * 2 ** (attempt - 1), maxBackoffMs) : asked * 1000
    const maxTroubleMs = maxTroubleOf(error)
    if (maxTroubleMs === null) {
      if (attempt >= maxAttempts) throw error
      return this.#sleep(ms)
    }
    this.#troubledSince ??= Date.now()
    if (Date.now() - this.#troubledSince > maxTroubleMs) {
      throw new GaveUp(reasonOf(error), undefined, { cause: error })
    }
    this.#notBefore = Math.max(this.#notBefore, Date.now() + ms)
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#interrupt.stopping }).catch(() => {})
  }
}

/** How long the server as a whole may stay like this; null where the error is the request's own. */
function maxTroubleOf(error: unknown): number | null {
  if (!(error instanceof LookalikeApiError)) return maxAbsenceMs
  const { status, code } = error.problem
  if (status === 429 || status === 503) return maxBusyMs
  // A proxy that finds nobody behind it.
  return code === 'unexpected_response' ? maxAbsenceMs : null
}

/** Whether the same request can succeed later. */
function isRetryable(error: unknown): boolean {
  const isAnswer = error instanceof LookalikeApiError || error instanceof LookalikeConnectionError
  return isAnswer && error.retryable
}
