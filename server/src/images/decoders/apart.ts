import { fork, type ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { areTooManyFiles, LookalikeError, tooManyFiles, type ErrorCode } from '../../errors.ts'
import { notRead } from '../refusals.ts'
import type { Task } from './judge.ts'
import type { Pixels } from './pixels.ts'

/** What the process answers with, and the memory it holds now, in bytes. */
export type Answer = { readonly memory: number } & (
  | { readonly pixels: Pixels }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string } }
)

const program = join(import.meta.dirname, 'decoder-worker.ts')
/** Each may hold the pixels of the largest picture accepted, so that there are few however many arrive. */
const maxProcesses = Math.min(2, availableParallelism())
/** A process that a picture has made larger than this is not kept: WebAssembly gives no memory back. */
const maxKeptBytes = 350e6
const idleMs = 10_000
/** On a busy machine, a picture of 50 megapixels takes a minute. */
const deadlineMs = 120_000

/** Decodes pictures in processes of their own, each killed when a picture takes it too long. */
export class DecoderProcesses {
  readonly #deadlineMs: number
  readonly #idle: { child: ChildProcess; timer: NodeJS.Timeout }[] = []
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(deadline = deadlineMs) {
    this.#deadlineMs = deadline
  }

  /** @throws LookalikeError what the decoder found, or that it took too long or ended */
  async decode(task: Task): Promise<Pixels> {
    if (this.#running < maxProcesses) this.#running++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await this.#decodeNow(task)
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  async #decodeNow(task: Task): Promise<Pixels> {
    const child = this.#take()
    const answer = await this.#ask(child, task)
    if (answer.memory > maxKeptBytes) child.kill('SIGKILL')
    else this.#keep(child)
    if ('pixels' in answer) return answer.pixels
    throw new LookalikeError(answer.refusal.code, answer.refusal.message)
  }

  #take(): ChildProcess {
    const kept = this.#idle.pop()
    if (!kept) return this.#start()
    clearTimeout(kept.timer)
    kept.child.ref()
    kept.child.channel?.ref()
    return kept.child
  }

  #start(): ChildProcess {
    // It is given no key and no setting: whoever subverts a decoder finds nothing.
    const child = fork(program, [], {
      env: {},
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    // Whoever asks hears of it; when nobody does, nobody misses it.
    child.on('error', () => {})
    child.once('exit', () => {
      const at = this.#idle.findIndex((kept) => kept.child === child)
      for (const { timer } of at === -1 ? [] : this.#idle.splice(at, 1)) clearTimeout(timer)
    })
    return child
  }

  /** Neither the process nor its timer keeps the server from ending. */
  #keep(child: ChildProcess): void {
    child.unref()
    child.channel?.unref()
    const timer = setTimeout(() => child.kill('SIGKILL'), idleMs).unref()
    this.#idle.push({ child, timer })
  }

  #ask(child: ChildProcess, task: Task): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        end(reject, notRead(`a picture that takes longer than ${this.#deadlineMs / 1000} s to decode`)) // prettier-ignore
      }, this.#deadlineMs)
      const onExit = () => end(reject, notRead('a picture that its decoder could not cope with'))
      const onError = (error: unknown) =>
        areTooManyFiles(error) ? end(reject, tooManyFiles(error)) : onExit()
      const end = <T>(settle: (value: T) => void, value: T) => {
        clearTimeout(timer)
        child.off('exit', onExit).off('error', onError).off('message', onMessage)
        settle(value)
      }
      const onMessage = (answer: Answer) => end(resolve, answer)
      child.on('exit', onExit).on('error', onError).on('message', onMessage)
      child.send(task, (error) => {
        if (error) onError(error)
      })
    })
  }
}
