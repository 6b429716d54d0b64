import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LookalikeError, quoteOf } from '../../errors.ts'
import type { Answer, LoadRequest, Request } from './messages.ts'

interface Pending {
  readonly settle: PromiseWithResolvers<readonly Float32Array[]>
  readonly timer: NodeJS.Timeout
}

const loadMs = 300_000
const answerMs = 120_000

/** What became of the process while it was asked. */
class ProcessEnded extends Error {}

/**
 * The process that holds the models, apart from the server: ONNX Runtime is native code, which may crash or be killed for
 * its memory, and then only it goes. It is started at the first need, and again after it ended.
 */
export class Session {
  readonly #load: LoadRequest
  readonly #pending = new Map<number, Pending>()
  #child: ChildProcess | undefined
  #loaded: Promise<unknown> | undefined
  #next = 0

  constructor(load: LoadRequest) {
    this.#load = load
  }

  /** Of the process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /**
   * One vector for each input, as the model gives it. When the process ends meanwhile, it is asked once more.
   *
   * @throws LookalikeError `provider_rejected`, `provider_unavailable`, `provider_timeout`
   */
  async ask(request: Exclude<Request, LoadRequest>): Promise<readonly Float32Array[]> {
    try {
      return await this.#askOnce(request)
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
    }
    try {
      return await this.#askOnce(request)
    } catch (error) {
      throw error instanceof ProcessEnded ? ended(error) : error
    }
  }

  async #askOnce(request: Request): Promise<readonly Float32Array[]> {
    const child = this.#running()
    this.#loaded ??= this.#send(child, this.#load, loadMs)
    await this.#loaded.catch((error: unknown) => {
      // A model that does not load now may do so once its files or the settings are others: the next one tries.
      this.stop()
      throw error
    })
    return this.#send(child, request, answerMs)
  }

  /** Ends the process; the next request starts another. */
  stop(): void {
    this.#child?.kill('SIGKILL')
    this.#forget(this.#child, 'was stopped')
  }

  #running(): ChildProcess {
    if (this.#child) return this.#child
    const child = fork(fileURLToPath(new URL('./session-worker.ts', import.meta.url)), {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.on('message', (message) => this.#settle(message as Answer))
    child.on('error', (error) => this.#forget(child, error.message))
    child.on('exit', (code, signal) =>
      this.#forget(child, signal ? `was ended by ${signal}` : `ended with ${code}`),
    )
    // It keeps no process alive that has nothing to ask.
    child.unref()
    child.channel?.unref()
    this.#child = child
    return child
  }

  #send(child: ChildProcess, request: Request, waitMs: number): Promise<readonly Float32Array[]> {
    const id = this.#next++
    const settle = Promise.withResolvers<readonly Float32Array[]>()
    const timer = setTimeout(() => {
      settle.reject(tooSlow(request, waitMs))
      this.#pending.delete(id)
      this.stop()
    }, waitMs)
    this.#pending.set(id, { settle, timer })
    child.send({ id, request }, (error) => {
      if (error) this.#forget(child, error.message)
    })
    return settle.promise
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id)
    if (!pending) return
    this.#pending.delete(answer.id)
    clearTimeout(pending.timer)
    if ('vectors' in answer) pending.settle.resolve(answer.vectors)
    else pending.settle.reject(refused(answer.error))
  }

  #forget(child: ChildProcess | undefined, why: string): void {
    if (!child || child !== this.#child) return
    this.#child = undefined
    this.#loaded = undefined
    for (const { settle, timer } of this.#pending.values()) {
      clearTimeout(timer)
      settle.reject(new ProcessEnded(why))
    }
    this.#pending.clear()
  }
}

function ended(cause: ProcessEnded): LookalikeError {
  return new LookalikeError(
    'provider_unavailable',
    `The process that runs the local model ${cause.message}, twice. Where it lacks memory, choose a smaller LOCAL_MODEL or ` +
      'LOCAL_PRECISION=q8; then try again.',
    { cause },
  )
}

function tooSlow({ kind }: Request, waitMs: number): LookalikeError {
  return new LookalikeError(
    'provider_timeout',
    `The local model was not ${kind === 'load' ? 'loaded' : 'done'} within ${waitMs / 1000} s, and its process was ended. Try again, ` +
      'or choose a smaller LOCAL_MODEL.',
  )
}

const maxQuoted = 300

function refused(message: string): LookalikeError {
  const line = quoteOf(message.replace(/[\s\p{Cc}]+/gu, ' ').trim(), maxQuoted)
  return new LookalikeError(
    'provider_rejected',
    `The local model cannot be used: ${line}. Check LOCAL_MODEL, LOCAL_PRECISION and LOCAL_DEVICE.`,
  )
}
