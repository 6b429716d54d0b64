import { LookalikeError } from '../errors.ts'

/** How busy one kind of work is; read at any time. */
export interface GateFigures {
  /** Pieces of work under way. */
  readonly running: number
  /** Pieces that wait for their turn. */
  readonly waiting: number
  /** Pieces turned away since the server started. */
  readonly refused: number
  /** What those under way take of the capacity: bytes where work is weighed, else 1 each. */
  readonly inUse: number
  readonly capacity: number
}

export interface GateOptions {
  readonly capacity: number
  /** Pieces of work that may wait; one more is refused at once. */
  readonly maxWaiting: number
  /** Longest that one may wait. */
  readonly maxWaitMs: number
  /** What a refusal begins with, such as "Too many pictures are being decoded at once.". */
  readonly refusal: string
}

export interface Entry {
  /** What it takes of the capacity. More than there is counts as all of it: such work is done alone. */
  readonly weight?: number
  readonly signal?: AbortSignal
  /** Waits as long as it takes, as work does that nobody waits for. */
  readonly patient?: boolean
}

/** What is waited before trying again where nobody has had a turn yet. */
const unknownWaitS = 5

interface Waiting {
  readonly weight: number
  readonly admit: () => void
}

/**
 * Admission of one kind of work: so much of it at once, and a short queue, first come first served. Whoever would have
 * to wait for longer than is of use is refused at once, as far as that can be foreseen from how fast the queue moves.
 */
export class Gate implements GateFigures {
  readonly capacity: number
  readonly #options: GateOptions
  readonly #queue = new Set<Waiting>()
  #running = 0
  #inUse = 0
  #refused = 0
  /** Milliseconds from one turn to the next while there is a queue; undefined until that is known. */
  #turnMs: number | undefined
  #lastTurn = 0

  constructor(options: GateOptions) {
    this.capacity = options.capacity
    this.#options = options
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#queue.size
  }

  get refused(): number {
    return this.#refused
  }

  get inUse(): number {
    return this.#inUse
  }

  /**
   * Waits for a turn.
   *
   * @returns ends the turn; further calls do nothing
   * @throws LookalikeError `overloaded` when too much waits already, and what the signal was aborted with
   */
  async enter({ weight = 1, signal, patient = false }: Entry = {}): Promise<() => void> {
    signal?.throwIfAborted()
    const taken = Math.min(weight, this.capacity)
    if (this.#queue.size > 0 || this.#inUse + taken > this.capacity) {
      if (!patient) this.assertRoom()
      await this.#wait(taken, signal, patient)
    } else {
      this.#take(taken)
    }
    let left = false
    return () => {
      if (left) return
      left = true
      this.#running--
      this.#inUse -= taken
      this.#admit()
    }
  }

  /** Does work in its turn; see {@link enter}. */
  async run<T>(entry: Entry, work: () => Promise<T>): Promise<T> {
    const leave = await this.enter(entry)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /** @throws LookalikeError `overloaded` when one more piece of work would be refused now */
  assertRoom(): void {
    const { maxWaiting, maxWaitMs } = this.#options
    const idle = this.#queue.size === 0 && this.#inUse < this.capacity
    if (!idle && (this.#queue.size >= maxWaiting || this.#expectedWaitMs() > maxWaitMs)) throw this.#refuse() // prettier-ignore
  }

  #take(weight: number): void {
    this.#running++
    this.#inUse += weight
  }

  #wait(weight: number, signal: AbortSignal | undefined, patient: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (this.#queue.size === 0) this.#lastTurn = performance.now()
    const admit = () => {
      end()
      resolve()
    }
    const waiting: Waiting = { weight, admit }
    const giveUp = (reason: unknown) => {
      end()
      this.#queue.delete(waiting)
      reject(reason)
      // Something lighter may have waited behind it.
      this.#admit()
    }
    const onAbort = () => giveUp(signal?.reason)
    const timer = patient ? undefined : setTimeout(() => giveUp(this.#refuse()), this.#options.maxWaitMs) // prettier-ignore
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#queue.add(waiting)
    return promise
  }

  /** Lets in from the front as much as fits; what does not fit yet is never overtaken, so that it gets its turn. */
  #admit(): void {
    for (const waiting of this.#queue) {
      if (this.#inUse + waiting.weight > this.capacity) return
      this.#queue.delete(waiting)
      this.#take(waiting.weight)
      this.#noteTurn()
      waiting.admit()
    }
    this.#turnMs = undefined
  }

  #noteTurn(): void {
    const now = performance.now()
    const ms = now - this.#lastTurn
    this.#lastTurn = now
    this.#turnMs = this.#turnMs === undefined ? ms : this.#turnMs * 0.8 + ms * 0.2
  }

  #expectedWaitMs(): number {
    return (this.#queue.size + 1) * (this.#turnMs ?? 0)
  }

  #refuse(): LookalikeError {
    this.#refused++
    const seconds = this.#turnMs === undefined ? unknownWaitS : Math.ceil(this.#expectedWaitMs() / 1000) // prettier-ignore
    const retryAfter = Math.min(60, Math.max(1, seconds))
    return new LookalikeError('overloaded', `${this.#options.refusal} Try again in ${retryAfter} s.`, { retryAfter }) // prettier-ignore
  }
}
