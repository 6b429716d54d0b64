import { Worker } from 'node:worker_threads'
import { LookalikeError } from '../errors.ts'
import type { EngineReply, EngineResults, EngineTask } from './engine-tasks.ts'

/** Tasks that may wait; one more is refused, to be sent again later. */
const maxWaiting = 1000
/** How much one task may grow the process before it is stopped, in bytes. */
const maxGrowth = 1.5e9
const watchEveryMs = 100

interface Waiting {
  task: EngineTask
  resolve: (result: never) => void
  reject: (error: unknown) => void
  signal: AbortSignal | undefined
}

/**
 * Oxigraph in a thread of its own: its calls are synchronous, and only a thread can be stopped in the
 * middle of one. It starts at the first task and loads what `source` holds; a task past its deadline,
 * or that takes too much memory, ends the thread, and the next task starts another.
 */
export class Engine {
  readonly #source: () => Iterable<EngineTask>
  readonly #deadlineMs: number
  #worker: Worker | undefined
  #loading = false
  #waiting: Waiting[] = []
  #current: Waiting | undefined
  #closed = false

  /** @param source the statements to begin with, as `load` tasks; read little by little */
  constructor(source: () => Iterable<EngineTask>, deadlineMs: number) {
    this.#source = source
    this.#deadlineMs = deadlineMs
  }

  /**
   * Runs a task after those before it.
   *
   * @throws LookalikeError `query_too_heavy` past the deadline, `graph_unavailable` when too many wait
   * @throws Error with the engine's own words when it refuses the task
   */
  run<T extends EngineTask>(task: T, signal?: AbortSignal): Promise<EngineResults[T['do']]> {
    if (this.#closed || this.#waiting.length >= maxWaiting) {
      return Promise.reject(
        new LookalikeError(
          'graph_unavailable',
          'The graph has more questions waiting than it can answer soon. Try again later.',
        ),
      )
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject, signal })
      this.#next()
    })
  }

  /** Applies a change that the source already has to a running engine; one that is not running reads it there. */
  follow(task: EngineTask): void {
    if (!this.#worker) return
    const ignore = () => {}
    // Not through `run`: a change must not be turned away, however many tasks wait.
    this.#waiting.push({ task, resolve: ignore, reject: ignore, signal: undefined })
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
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the graph is closed'))
  }

  #next(): void {
    if (this.#current || this.#loading || this.#waiting.length === 0) return
    if (!this.#worker) return void this.#start()
    const entry = this.#waiting.shift()!
    if (entry.signal?.aborted) {
      entry.reject(entry.signal.reason)
      return this.#next()
    }
    this.#current = entry
    void this.#attend(this.#worker, entry)
  }

  async #start(): Promise<void> {
    this.#loading = true
    const worker = new Worker(new URL('./engine-worker.ts', import.meta.url))
    // A graph without queries must not keep the process alive.
    worker.unref()
    this.#worker = worker
    try {
      for (const task of this.#source()) {
        await ask(worker, task)
        if (this.#worker !== worker) return
      }
    } catch (error) {
      if (this.#worker === worker) this.stop()
      const cause = new LookalikeError('graph_unavailable', 'The graph could not be loaded.', {
        cause: error,
      })
      for (const { reject } of this.#waiting.splice(0)) reject(cause)
      return
    }
    this.#loading = false
    this.#next()
  }

  async #attend(worker: Worker, entry: Waiting): Promise<void> {
    const guard = this.#guard(worker)
    try {
      const result = await Promise.race([ask(worker, entry.task), guard.broken])
      entry.resolve(result as never)
    } catch (error) {
      const lost = error instanceof LookalikeError || (error as { fatal?: boolean }).fatal
      if (lost && this.#worker === worker) this.stop()
      entry.reject(lost && !(error instanceof LookalikeError) ? outOfMemory(error) : error)
    } finally {
      guard.end()
      if (this.#current === entry) this.#current = undefined
      this.#next()
    }
  }

  /** Rejects once a task has run too long or taken too much memory. */
  #guard(worker: Worker) {
    const { promise: broken, reject } = Promise.withResolvers<never>()
    broken.catch(() => {})
    const before = process.memoryUsage.rss()
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > maxGrowth) reject(outOfMemory())
    }, watchEveryMs)
    const deadline = setTimeout(() => reject(tooSlow(this.#deadlineMs)), this.#deadlineMs)
    const ended = () => reject(outOfMemory(new Error('the thread ended')))
    worker.once('exit', ended)
    return {
      broken,
      end() {
        clearInterval(watch)
        clearTimeout(deadline)
        worker.off('exit', ended)
      },
    }
  }
}

let lastNumber = 0

/** Sends one task and waits for its reply. */
function ask(worker: Worker, task: EngineTask): Promise<unknown> {
  const number = ++lastNumber
  return new Promise((resolve, reject) => {
    const settle = (reply: EngineReply) => {
      if (reply.number !== number) return
      end()
      if ('error' in reply) reject(Object.assign(new Error(reply.error), { fatal: reply.fatal }))
      else resolve(reply.result)
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

function outOfMemory(cause?: unknown): LookalikeError {
  return new LookalikeError(
    'query_too_heavy',
    'The query was stopped because it took too much memory. Ask for less, or add a LIMIT.',
    { cause },
  )
}
