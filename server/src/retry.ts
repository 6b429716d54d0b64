import { setTimeout as sleep } from 'node:timers/promises'

/** What became of an attempt that failed. */
export interface Failure {
  /** What the caller gets unless another attempt follows. */
  readonly error: unknown
  /** Whether the same request may succeed a moment later. */
  readonly retryable: boolean
  /** How long the other side asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

export interface RetryOptions {
  /** Pauses before the second attempt and each one after it, in milliseconds. */
  readonly pausesMs: readonly number[]
  /** Ends a pause. */
  readonly signal: AbortSignal
  /** When attempts end, by `performance.now()`; a pause that would reach it is not begun. */
  readonly endsAt?: number
  explain(thrown: unknown): Failure
}

/**
 * Attempts again while failures are retryable. Pauses are spread, so that many callers do not come back
 * at the same moment.
 *
 * @throws the last attempt's `error`, also when the signal ends a pause
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { pausesMs, signal, endsAt = Infinity, explain }: RetryOptions,
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt()
    } catch (thrown) {
      const { error, retryable, retryAfterMs } = explain(thrown)
      if (!retryable || retries === pausesMs.length) throw error
      const pause =
        retryAfterMs === undefined
          ? pausesMs[retries]! * (0.5 + Math.random())
          : retryAfterMs * (1 + 0.1 * Math.random())
      if (performance.now() + pause >= endsAt) throw error
      await sleep(pause, undefined, { signal }).catch(() => {
        throw error
      })
    }
  }
}
