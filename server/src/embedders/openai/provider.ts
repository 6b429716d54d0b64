import { setTimeout as sleep } from 'node:timers/promises'
import {
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel'
import { LookalikeError } from '../../errors.ts'
import type { Ledger } from '../../state/ledger.ts'
import type { Usage } from '../embedder.ts'
import { costOf, type Prices, priceOf } from './prices.ts'
import {
  type Asked,
  explainProviderError,
  isPassing,
  retryAfterOf,
  timedOut,
} from './provider-errors.ts'

export interface ProviderCall<T> extends Asked {
  readonly signal: AbortSignal
  send(signal: AbortSignal): Promise<T>
  /** Tokens the answer says it took. */
  tokens(answer: T): { input_tokens: number; output_tokens: number }
}

const maxAttempts = 3
const firstDelayMs = 500
const failuresToOpen = 5
const openMs = 30_000

/**
 * All calls to the provider. Each waits for one of a few slots, has one deadline over all of its attempts,
 * and is counted. After several failures in a row the circuit opens: calls are refused for half a minute,
 * and then one of them tries whether the provider is back.
 */
export class Provider {
  readonly #ledger: Ledger
  readonly #prices: Prices
  readonly #slots
  readonly #circuit = circuitBreaker(handleWhen(isOutage), {
    breaker: new ConsecutiveBreaker(failuresToOpen),
    halfOpenAfter: openMs,
  })
  #openUntil = 0

  constructor(options: { ledger: Ledger; prices: Prices; maxConcurrency: number }) {
    this.#ledger = options.ledger
    this.#prices = options.prices
    this.#slots = bulkhead(options.maxConcurrency, Number.POSITIVE_INFINITY)
    this.#circuit.onBreak(() => {
      this.#openUntil = Date.now() + openMs
    })
  }

  /**
   * @throws LookalikeError `provider_timeout`, `provider_rejected`, `provider_unavailable`,
   *   `budget_exhausted`; the signal's reason once aborted
   */
  async ask<T>(call: ProviderCall<T>): Promise<{ answer: T; usage: Usage }> {
    // Before the queue: a call that is to be refused must not wait behind calls that hang.
    if (Date.now() < this.#openUntil) throw this.#unavailable()
    try {
      return await this.#slots.execute(
        () => this.#circuit.execute(() => this.#askNow(call)),
        call.signal,
      )
    } catch (error) {
      call.signal.throwIfAborted()
      throw error instanceof BrokenCircuitError ? this.#unavailable() : error
    }
  }

  async #askNow<T>(call: ProviderCall<T>): Promise<{ answer: T; usage: Usage }> {
    this.#ledger.assertWithinBudget()
    const start = performance.now()
    const deadline = AbortSignal.timeout(call.timeoutMs)
    try {
      const answer = await withRetries(call, AbortSignal.any([call.signal, deadline]), start)
      const tokens = call.tokens(answer)
      const estimated_usd = costOf(tokens, priceOf(call.model, this.#prices))
      this.#ledger.record({
        model: call.model,
        ...tokens,
        estimated_usd,
        ms: performance.now() - start,
      })
      return { answer, usage: { calls: 1, ...tokens, estimated_usd } }
    } catch (error) {
      call.signal.throwIfAborted()
      throw deadline.aborted ? timedOut(call, error) : explainProviderError(error, call)
    }
  }

  #unavailable(): LookalikeError {
    const retryAfter = Math.max(1, Math.ceil((this.#openUntil - Date.now()) / 1000))
    return new LookalikeError(
      'provider_unavailable',
      `The model provider failed ${failuresToOpen} times in a row and is given a rest; nothing was sent. ` +
        `Try again in ${retryAfter} s.`,
      { retryAfter },
    )
  }
}

async function withRetries<T>(call: ProviderCall<T>, signal: AbortSignal, start: number) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call.send(signal)
    } catch (error) {
      if (attempt === maxAttempts || !isPassing(error)) throw error
      const delay = delayBefore(attempt, error)
      // Waiting past the deadline would turn an answer that says when to come back into a timeout.
      if (performance.now() - start + delay >= call.timeoutMs) throw error
      await sleep(delay, undefined, { signal })
    }
  }
}

/** What the provider asks for, else doubling; spread so that many callers do not come back as one. */
function delayBefore(attempt: number, error: unknown): number {
  const asked = retryAfterOf(error)
  if (asked !== undefined) return asked * 1000 * (1 + 0.1 * Math.random())
  return firstDelayMs * 2 ** (attempt - 1) * (0.5 + Math.random())
}

/** Failures of the provider itself; a refused request says nothing of its health. */
function isOutage(error: unknown): boolean {
  return (
    error instanceof LookalikeError &&
    (error.code === 'provider_timeout' || error.code === 'provider_unavailable')
  )
}
