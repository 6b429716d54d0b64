interface Flight<T> {
  readonly result: Promise<T>
  readonly controller: AbortController
  waiting: number
}

/** Callers that ask for the same thing at the same time share one piece of work. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /**
   * Joins the work under way for `key`, or starts it. A caller that leaves does not disturb the others;
   * when the last has left, the work's own signal is aborted.
   *
   * @returns the result, and whether another caller had started the work
   */
  async run(
    key: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ result: T; joined: boolean }> {
    signal.throwIfAborted()
    const underWay = this.#flights.get(key)
    const flight = underWay ?? this.#start(key, work)
    flight.waiting++
    try {
      return { result: await untilAborted(flight.result, signal), joined: underWay !== undefined }
    } finally {
      if (--flight.waiting === 0) this.#land(key, flight, signal.reason)
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    const flight = { result: work(controller.signal), controller, waiting: 0 }
    this.#flights.set(key, flight)
    return flight
  }

  // Taken off the list at once: a caller that comes now must not join work that is being aborted.
  #land(key: string, flight: Flight<T>, reason: unknown): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
    flight.controller.abort(reason)
  }
}

function untilAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
