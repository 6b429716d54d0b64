import { Worker } from 'node:worker_threads'
import { LookalikeError } from '../errors.ts'
import type { Backlog } from '../backlog.ts'
import type { EngineLimits, EngineReply, EngineResults, EngineTask } from './engine-tasks.ts'

/** Tasks that may wait; one more is refused, to be sent again later. */
const maxWaiting = 100
/** The part of its deadline that a task may wait; what is left has to do for running. */
const waitingShare = 0.5
/** Longest that a task waits for the statements to be loaded, which its deadline does not count. */
const maxLoadingMs = 30_000
const retryAfter = 5

interface Waiting {
  task: EngineTask
  resolve: (result: never) => void
  reject: (error: unknown) => void
  signal: AbortSignal | undefined
  /** When it began to wait for others; null for changes, which wait as long as it takes. */
  since: number | null
  /** Ends the wait. */
  timer?: NodeJS.Timeout
}

/**
 * Oxigraph in a thread of its own: its calls are synchronous, and only a thread can be stopped in the
 * middle of one. It starts at the first task and loads what `source` holds; a task past its deadline,
 * or that takes too much memory, ends the thread, and the next task starts another.
 */
export class Engine {
  readonly #source: () => Iterable<EngineTask>
  readonly #limits: EngineLimits
  #skipped = 0
  #worker: Worker | undefined
  #loading = false
  #waiting: Waiting[] = []
  #current: Waiting | undefined
  #closed = false

  /** @param source the statements to begin with, as `load` tasks; read little by little */
  constructor(source: () => Iterable<EngineTask>, limits: EngineLimits) {
    this.#source = source
    this.#limits = limits
  }

  backlog(): Backlog {
    return { running: Number(this.#current !== undefined), waiting: this.#waiting.length }
  }

  /** Statements that the running engine could not take from its source, or from changes. */
  get skipped(): number {
    return this.#skipped
  }

  /**
   * Runs a task after those before it.
   *
   * @throws LookalikeError `query_too_heavy` past the deadline, `graph_unavailable` when too many wait or the
   * wait itself takes too much of it
   * @throws Error with the engine's own words when it refuses the task
   */
  run<T extends EngineTask>(task: T, signal?: AbortSignal): Promise<EngineResults[T['do']]> {
    if (this.#closed || this.#waiting.length >= maxWaiting) {
      return Promise.reject(this.#busy())
    }
    return new Promise((resolve, reject) => {
      const entry: Waiting = { task, resolve, reject, signal, since: performance.now() }
      this.#waiting.push(entry)
      this.#next()
      this.#limitWait(entry)
    })
  }

  /** Applies a change that the source already has to a running engine; one that is not running reads it there. */
  follow(task: EngineTask): void {
    if (!this.#worker) return
    const ignore = () => {}
    // Not through `run`: a change must not be turned away, however many tasks wait.
    this.#waiting.push({ task, resolve: ignore, reject: ignore, signal: undefined, since: null })
    this.#next()
  }

  /** Ends the thread; the next task starts another from the source. */
  stop(): void {
    void this.#worker?.terminate()
    this.#worker = undefined
    this.#loading = false
    this.#current = undefined
  }

  close(): void {
    this.#closed = true
    this.stop()
    this.#refuseAll(new Error('the graph is closed'))
  }

  #refuseAll(error: Error): void {
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer)
      reject(error)
    }
  }

  #limitWait(entry: Waiting): void {
    clearTimeout(entry.timer)
    if (entry.since === null || !this.#waiting.includes(entry)) return
    entry.since = performance.now()
    const ms = this.#loading ? maxLoadingMs : this.#limits.deadlineMs * waitingShare
    entry.timer = setTimeout(() => this.#turnAway(entry), ms).unref()
  }

  #turnAway(entry: Waiting): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== entry)
    entry.reject(this.#busy())
  }

  #busy(): LookalikeError {
    const why = this.#loading
      ? 'The graph is being loaded.'
      : 'The graph has more queries waiting than it can answer soon.'
    return new LookalikeError('graph_unavailable', `${why} Try again later.`, { retryAfter })
  }

  #next(): void {
    if (this.#current || this.#loading || this.#waiting.length === 0) return
    if (!this.#worker) return void this.#start()
    const entry = this.#waiting.shift()!
    clearTimeout(entry.timer)
    if (entry.signal?.aborted) {
      entry.reject(entry.signal.reason)
      return this.#next()
    }
    this.#current = entry
    void this.#attend(this.#worker, entry)
  }

  async #start(): Promise<void> {
    this.#loading = true
    const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), {
      workerData: this.#limits,
    })
    // Whoever asks hears of its end; when nobody does, it ends alone.
    worker.on('error', () => {})
    // A graph without queries must not keep the process alive.
    worker.unref()
    this.#worker = worker
    this.#skipped = 0
    try {
      for (const task of this.#source()) {
        this.#count(task, (await ask(worker, task)).value)
        if (this.#worker !== worker) return
      }
    } catch (error) {
      if (this.#worker === worker) this.stop()
      const cause = new LookalikeError(
        'graph_unavailable',
        'The graph could not be loaded. Give it more memory (GRAPH_MEMORY_MB) if the log says that it ended.',
        {
          cause: error,
        },
      )
      this.#refuseAll(cause)
      return
    }
    this.#loading = false
    for (const entry of this.#waiting) this.#limitWait(entry)
    this.#next()
  }

  async #attend(worker: Worker, entry: Waiting): Promise<void> {
    const waited = entry.since === null ? 0 : performance.now() - entry.since
    const guard = this.#guard(worker, this.#limits.deadlineMs - waited)
    try {
      const { value, isStale } = await Promise.race([ask(worker, entry.task), guard.broken])
      this.#count(entry.task, value)
      entry.resolve(value as never)
      // What it did for these is not in its source yet, from which the next thread begins.
      const isAhead = entry.task.do === 'update' || entry.task.do === 'add'
      if (isStale && !isAhead && this.#worker === worker) this.stop()
    } catch (error) {
      const lost = error instanceof LookalikeError || (error as { fatal?: boolean }).fatal
      if (lost && this.#worker === worker) this.stop()
      entry.reject(lost && !(error instanceof LookalikeError) ? tooBig(error) : error)
    } finally {
      guard.end()
      if (this.#current === entry) this.#current = undefined
      this.#next()
    }
  }

  #count(task: EngineTask, result: unknown): void {
    if (task.do === 'load' || task.do === 'put') this.#skipped += result as number
  }

  /** Rejects once a task has run too long, or its thread has ended. */
  #guard(worker: Worker, ms: number) {
    const { promise: broken, reject } = Promise.withResolvers<never>()
    broken.catch(() => {})
    const deadline = setTimeout(() => reject(tooSlow(this.#limits.deadlineMs)), ms)
    const ended = () => reject(tooBig(new Error('the thread ended')))
    worker.once('exit', ended)
    return {
      broken,
      end() {
        clearTimeout(deadline)
        worker.off('exit', ended)
      },
    }
  }
}

interface Reply {
  readonly value: unknown
  readonly isStale: boolean
}

let lastNumber = 0

/** Sends one task and waits for its reply. */
function ask(worker: Worker, task: EngineTask): Promise<Reply> {
  const number = ++lastNumber
  return new Promise((resolve, reject) => {
    const settle = (reply: EngineReply) => {
      if (reply.number !== number) return
      end()
      if ('error' in reply) reject(Object.assign(new Error(reply.error), { fatal: reply.fatal }))
      else resolve({ value: reply.result, isStale: reply.isStale })
    }
    const fail = (error: unknown) => {
      end()
      reject(Object.assign(new Error('the thread failed', { cause: error }), { fatal: true }))
    }
    const end = () => {
      worker.off('message', settle)
      worker.off('error', fail)
      worker.off('exit', fail)
    }
    worker.on('message', settle).on('error', fail).on('exit', fail)
    worker.postMessage({ number, task })
  })
}

function tooSlow(deadlineMs: number): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    `The query was stopped after ${deadlineMs / 1000} seconds (GRAPH_TIMEOUT_MS). Ask for less: name more of ` +
      'what you look for, and join patterns by variables they share.',
  )
}

function tooBig(cause: unknown): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    'The query was stopped because it took too much memory (GRAPH_MEMORY_MB) or chains too much. Ask for less, ' +
      'or add a LIMIT.',
    { cause },
  )
}
