import { setTimeout as sleep } from 'node:timers/promises'
import { LookalikeApiError, LookalikeConnectionError } from '@lookalike/sdk'
import { CommandError, reasonOf } from './failure.ts'
import type { Interrupt } from './interrupt.ts'

/** How long a server may be unreachable, or busy without a single success, in milliseconds. */
const longestAbsence = 30_000
const longestBusy = 300_000
const attemptsAtProvider = 3

/** Answers that every other request would get as well: there is no sense in going on. */
const hopeless = new Set(['unauthorized', 'forbidden', 'embedder_mismatch', 'storage_full'])

/** Thrown instead of beginning or repeating a request once the person asked to stop. */
export class Stopped extends Error {}

/** The server cannot be worked with, now or at all. */
export class GaveUp extends CommandError {}

type Trouble = 'busy' | 'absent' | 'provider'

/**
 * Sends requests the way the server can take them: 429 and 503 are waited out for as long as
 * `Retry-After` says, and everyone waits together, since they all share one server.
 */
export class Patience {
  readonly #interrupt: Interrupt
  readonly #onWait: (seconds: number) => void
  #notBefore = 0
  #troubledSince: number | null = null

  constructor(interrupt: Interrupt, onWait: (seconds: number) => void) {
    this.#interrupt = interrupt
    this.#onWait = onWait
  }

  /**
   * Repeats a request that may succeed later; it must be one that can be repeated.
   *
   * @throws GaveUp when the whole command has to stop, Stopped when the person asked for it,
   *   and anything else when this request alone has failed
   */
  async run<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await this.#waitForTurn()
      try {
        const result = await request(this.#interrupt.leaving)
        this.#troubledSince = null
        return result
      } catch (error) {
        if (this.#interrupt.leaving.aborted) throw new Stopped()
        this.#postpone(error, attempt)
      }
    }
  }

  async #waitForTurn(): Promise<void> {
    for (;;) {
      if (this.#interrupt.stopping.aborted) throw new Stopped()
      const ms = this.#notBefore - Date.now()
      if (ms <= 0) return
      this.#onWait(ms / 1000)
      await sleep(ms, undefined, { signal: this.#interrupt.stopping }).catch(() => {})
    }
  }

  /** Decides when to try again, or throws when that is no use. */
  #postpone(error: unknown, attempt: number): void {
    if (error instanceof LookalikeApiError && hopeless.has(error.problem.code)) {
      throw new GaveUp(reasonOf(error), undefined, { cause: error })
    }
    const trouble = troubleOf(error)
    if (!trouble || (trouble === 'provider' && attempt >= attemptsAtProvider)) throw error
    this.#troubledSince ??= Date.now()
    const troubled = Date.now() - this.#troubledSince
    if (troubled > (trouble === 'absent' ? longestAbsence : longestBusy)) {
      throw new GaveUp(reasonOf(error), undefined, { cause: error })
    }
    const asked = error instanceof LookalikeApiError ? error.retryAfter : null
    const wait = asked === null ? Math.min(250 * 2 ** (attempt - 1), 5000) : asked * 1000
    this.#notBefore = Math.max(this.#notBefore, Date.now() + wait)
  }
}

function troubleOf(error: unknown): Trouble | null {
  if (error instanceof LookalikeConnectionError) return 'absent'
  if (!(error instanceof LookalikeApiError)) return null
  const { status, code } = error.problem
  if (status === 429 || status === 503) return 'busy'
  // A proxy that finds nobody behind it.
  if (code === 'unexpected_response' && (status === 502 || status === 504)) return 'absent'
  return code === 'provider_timeout' ? 'provider' : null
}
