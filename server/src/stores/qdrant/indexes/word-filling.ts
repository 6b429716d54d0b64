import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '../connection/connection.ts'
import type { Deadline } from '../connection/deadline.ts'
import { ownIndexes } from '../options.ts'
import { type Payload, wordsKey, wordsOf } from '../points/payload.ts'

/** Points that get their words in one request. */
const batch = 256
const retryMs = 60_000
const isWordless = { is_empty: { key: wordsKey } }

/**
 * Gives the points of an older Lookalike their words, in the background. A point that somebody writes meanwhile has its own by
 * then, and they stay. Other servers may do the same at once.
 */
export class WordFilling {
  readonly #connection: Connection
  readonly #done: (deadline: Deadline) => Promise<void>
  #running = false
  readonly #closed = new AbortController()

  /** @param done notes that all points have theirs */
  constructor(connection: Connection, done: (deadline: Deadline) => Promise<void>) {
    this.#connection = connection
    this.#done = done
  }

  get isRunning(): boolean {
    return this.#running
  }

  start(): void {
    if (this.#running || this.#closed.signal.aborted) return
    this.#running = true
    void this.#fill().finally(() => (this.#running = false))
  }

  close(): void {
    this.#closed.abort()
  }

  async #fill(): Promise<void> {
    const { signal } = this.#closed
    while (!signal.aborted) {
      try {
        const deadline = this.#connection.writeDeadline()
        if (await this.#fillSome(deadline)) continue
        return await this.#done(deadline)
      } catch {
        // Away, or failing: whoever asks it something hears of that.
        await delay(retryMs, undefined, { signal, ref: false }).catch(() => {})
      }
    }
  }

  /** @returns whether there may be more */
  async #fillSome(deadline: Deadline): Promise<boolean> {
    const collection_name = this.#connection.collection
    const { points } = await this.#connection.ask(deadline, (api, init) =>
      api.scrollPoints(
        { collection_name, filter: { must: [isWordless] }, limit: batch, with_payload: true },
        init,
      ),
    )
    if (points.length === 0) {
      // Last, so that it is built once, of words that are there.
      await this.#connection.ask(deadline, (api, init) =>
        api.createFieldIndex(
          { collection_name, wait: true, field_name: wordsKey, field_schema: ownIndexes[wordsKey]! },
          init,
        ),
      ) // prettier-ignore
      return false
    }
    const [top, field] = wordsKey.split('.') as [string, string]
    const operations = points.map(({ id, payload }) => ({
      set_payload: {
        key: top,
        payload: { [field]: wordsOf((payload ?? {}) as Payload) },
        filter: { must: [{ has_id: [id] }, isWordless] },
      },
    }))
    await this.#connection.ask(deadline, (api, init) =>
      api.batchUpdate({ collection_name, wait: true, operations }, init),
    )
    return true
  }
}
