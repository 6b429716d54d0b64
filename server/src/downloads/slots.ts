import { LookalikeError } from '../errors.ts'

/** How many do something at once, and how many may wait for it. */
export class Slots {
  #free: number
  readonly #maxWaiting: number
  readonly #waiting = new Set<() => void>()

  constructor(count: number, maxWaiting: number) {
    this.#free = count
    this.#maxWaiting = maxWaiting
  }

  /**
   * Waits for a slot, first come first served.
   *
   * @returns gives the slot back; to be called once
   * @throws LookalikeError `overloaded` at once when too many wait; the signal's reason when it aborts
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#free > 0) this.#free--
    else await this.#wait(signal)
    return () => this.#give()
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#maxWaiting) throw overloaded()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      this.#waiting.delete(resolve)
      reject(signal.reason)
    }
    this.#waiting.add(resolve)
    signal.addEventListener('abort', leave, { once: true })
    return promise.finally(() => signal.removeEventListener('abort', leave))
  }

  #give(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#free++
      return
    }
    this.#waiting.delete(next)
    next()
  }
}

export function overloaded(): LookalikeError {
  return new LookalikeError(
    'overloaded',
    'Too many pictures are being fetched by image_url at once. Try again later, or send the file itself as image_file.',
  )
}
