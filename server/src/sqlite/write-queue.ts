/**
 * Group commit: writes that arrive while others wait share one transaction, and so one disk sync.
 *
 * @param commit makes all of the given writes durable, or throws and has done none of them
 */
export class WriteQueue<Write, Result> {
  readonly #commit: (writes: Write[]) => Result[]
  #waiting: {
    write: Write
    resolve: (result: Result) => void
    reject: (error: unknown) => void
  }[] = []

  constructor(commit: (writes: Write[]) => Result[]) {
    this.#commit = commit
  }

  /** Resolves once the write is durable. */
  add(write: Write): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.flush())
    })
  }

  flush(): void {
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    try {
      const results = this.#commit(batch.map(({ write }) => write))
      batch.forEach(({ resolve }, index) => resolve(results[index]!))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
