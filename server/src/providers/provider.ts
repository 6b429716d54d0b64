import {
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel'
import { LookalikeError } from '../errors.ts'
import type { Backlog } from '../backlog.ts'
import { type Failure, withRetries } from '../retry.ts'
import type { Ledger } from '../state/ledger.ts'
import type { EmbedderHealth, Usage } from '../embedders/embedder.ts'
import { costOf, type Prices, priceOf } from './prices.ts'
import { type Asked, explainProviderError, retryAfterOf, timedOut } from './provider-errors.ts'

export interface ProviderCall<T> extends Asked {
  readonly signal: AbortSignal
  /** What it is called in reports of usage; the model's name when absent. */
  readonly countedAs?: string
  send(signal: AbortSignal): Promise<T>
  /** Tokens the answer says it took. */
  tokens(answer: T): { inputTokens: number; outputTokens: number }
}

/** Pauses before the second and third attempt. */
const pausesMs = [500, 1000]
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
  #asked = 0
  #running = 0

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
    this.#asked++
    try {
      return await this.#slots.execute(
        () => this.#circuit.execute(() => this.#askNow(call)),
        call.signal,
      )
    } catch (error) {
      call.signal.throwIfAborted()
      throw error instanceof BrokenCircuitError ? this.#unavailable() : error
    } finally {
      this.#asked--
    }
  }

  backlog(): Backlog {
    return { running: this.#running, waiting: this.#asked - this.#running }
  }

  health(): EmbedderHealth {
    return Date.now() < this.#openUntil
      ? {
          status: 'degraded',
          detail: `${this.#unavailable().message} What is remembered is answered.`,
        }
      : { status: 'ok', detail: 'The model provider is called when it is needed.' }
  }

  async #askNow<T>(call: ProviderCall<T>): Promise<{ answer: T; usage: Usage }> {
    this.#ledger.assertWithinBudget()
    this.#running++
    const start = performance.now()
    const deadline = AbortSignal.timeout(call.timeoutMs)
    try {
      const signal = AbortSignal.any([call.signal, deadline])
      const answer = await withRetries(() => call.send(signal), {
        pausesMs,
        signal,
        // Waiting past the deadline would turn an answer that says when to come back into a timeout.
        endsAt: start + call.timeoutMs,
        explain: (thrown) => explain(thrown, call),
      })
      const tokens = call.tokens(answer)
      const estimatedUsd = costOf(tokens, priceOf(call.model, this.#prices))
      this.#ledger.record({
        model: call.countedAs ?? call.model,
        ...tokens,
        estimatedUsd,
        ms: performance.now() - start,
      })
      return { answer, usage: { calls: 1, ...tokens, estimatedUsd } }
    } catch (error) {
      call.signal.throwIfAborted()
      throw deadline.aborted ? timedOut(call, error) : error
    } finally {
      this.#running--
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

function explain(thrown: unknown, asked: Asked): Failure {
  const error = explainProviderError(thrown, asked)
  const retryAfter = retryAfterOf(thrown)
  return {
    error,
    retryable: error instanceof LookalikeError && error.retryable,
    retryAfterMs: retryAfter && retryAfter * 1000,
  }
}

/** Failures of the provider itself; a refused request says nothing of its health. */
function isOutage(error: unknown): boolean {
  return (
    error instanceof LookalikeError &&
    (error.code === 'provider_timeout' || error.code === 'provider_unavailable')
  )
}
