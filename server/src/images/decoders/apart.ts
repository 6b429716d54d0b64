import { fork, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'
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
/** A process that a picture has made larger than this is not kept: WebAssembly gives no memory back. */
const maxKeptBytes = 350e6
const idleMs = 10_000
/** Behind the server, which answers searches meanwhile. */
const niceness = 10
/** Of a process that has to start first, on a busy machine; and of each megapixel, where 50 take up to a minute. */
const startMs = 20_000
const msPerMegapixel = 1_500

/**
 * Decodes pictures in processes of their own, each killed when a picture takes it too long or nobody waits for it any
 * more. How many there are at once is for the caller to bound.
 */
export class DecoderProcesses {
  readonly #deadlineOf: (pixels: number) => number
  readonly #idle: { child: ChildProcess; timer: NodeJS.Timeout }[] = []

  /** @param deadlineOf milliseconds for so many pixels */
  constructor(deadlineOf = (pixels: number) => startMs + (pixels / 1e6) * msPerMegapixel) {
    this.#deadlineOf = deadlineOf
  }

  /** @throws LookalikeError what the decoder found, or that it took too long or ended */
  async decode(task: Task, pixels: number, signal?: AbortSignal): Promise<Pixels> {
    signal?.throwIfAborted()
    const child = this.#take()
    const answer = await this.#ask(child, task, this.#deadlineOf(pixels), signal)
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
    behindTheServer(child)
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

  #ask(
    child: ChildProcess,
    task: Task,
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        child.kill('SIGKILL')
        end(reject, reason)
      }
      const timer = setTimeout(
        () => giveUp(notRead(`a picture that takes longer than ${deadlineMs / 1000} s to decode`)),
        deadlineMs,
      )
      const onAbort = () => giveUp(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      const onExit = () => end(reject, notRead('a picture that its decoder could not cope with'))
      const onError = (error: unknown) =>
        areTooManyFiles(error) ? end(reject, tooManyFiles(error)) : onExit()
      const end = <T>(settle: (value: T) => void, value: T) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
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

function behindTheServer({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    setPriority(pid, niceness)
  } catch {
    // It has ended already, or the system does not let us.
  }
}
