interface Waiting<Item, Result> {
  readonly item: Item
  readonly signal: AbortSignal
  readonly settle: PromiseWithResolvers<Result>
}

interface BatchOptions<Item, Result> {
  /** Items in one call, at most. */
  readonly maxItems: number
  /** Calls under way at once; items that come meanwhile wait and share the next one. */
  readonly concurrency: number
  /** One outcome per item, in order; rejecting fails them all. */
  send(items: Item[], signal: AbortSignal): Promise<PromiseSettledResult<Result>[]>
}

/**
 * Sends single items in shared calls without ever waiting for company: an item that finds a free line
 * leaves at once, and under load the queue behind the lines becomes the batch.
 */
export class Batches<Item, Result> {
  readonly #options: BatchOptions<Item, Result>
  #waiting: Waiting<Item, Result>[] = []
  #underWay = 0

  constructor(options: BatchOptions<Item, Result>) {
    this.#options = options
  }

  /** A call is cancelled when every one of its items is; until then it goes on for the others. */
  run(item: Item, signal: AbortSignal): Promise<Result> {
    const settle = Promise.withResolvers<Result>()
    this.#waiting.push({ item, signal, settle })
    this.#sendNext()
    return settle.promise
  }

  #sendNext(): void {
    while (this.#underWay < this.#options.concurrency && this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#options.maxItems)
      for (const { signal, settle } of batch) {
        if (signal.aborted) settle.reject(signal.reason)
      }
      const live = batch.filter(({ signal }) => !signal.aborted)
      if (live.length > 0) void this.#send(live)
    }
  }

  async #send(batch: Waiting<Item, Result>[]): Promise<void> {
    this.#underWay++
    const watched = cancelWithAll(batch.map(({ signal }) => signal))
    try {
      const outcomes = await this.#options.send(
        batch.map(({ item }) => item),
        watched.signal,
      )
      batch.forEach(({ settle }, index) => {
        const outcome = outcomes[index]!
        if (outcome.status === 'fulfilled') settle.resolve(outcome.value)
        else settle.reject(outcome.reason)
      })
    } catch (error) {
      for (const { settle } of batch) settle.reject(error)
    } finally {
      watched.release()
      this.#underWay--
      this.#sendNext()
    }
  }
}

function cancelWithAll(signals: AbortSignal[]) {
  const controller = new AbortController()
  const check = () => {
    if (signals.every(({ aborted }) => aborted)) controller.abort(signals[0]!.reason)
  }
  for (const signal of signals) signal.addEventListener('abort', check)
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) signal.removeEventListener('abort', check)
    },
  }
}
