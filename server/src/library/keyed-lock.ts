/** Runs tasks of the same key one after the other, of different keys side by side. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<unknown>>()

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    return this.runAll([key], task)
  }

  /**
   * Holds several keys at once. They are queued for in one step, so that two tasks which share keys
   * cannot each wait for the other.
   */
  async runAll<T>(keys: Iterable<string>, task: () => Promise<T>): Promise<T> {
    const distinct = [...new Set(keys)]
    const before = distinct.map((key) => this.#tails.get(key))
    const result = Promise.all(before).then(task)
    const tail = result.catch(() => {})
    for (const key of distinct) this.#tails.set(key, tail)
    try {
      return await result
    } finally {
      for (const key of distinct) if (this.#tails.get(key) === tail) this.#tails.delete(key)
    }
  }
}
