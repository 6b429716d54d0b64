import { Worker } from 'node:worker_threads'

export interface Detected {
  /** ISO 639-1; empty where none can be told. */
  readonly language: string
  readonly isReliable: boolean
  /** How like each language it is, by ISO 639-1, from 0 to 1. */
  readonly scores: Readonly<Record<string, number>>
}

export interface LanguageTask {
  readonly number: number
  readonly text: string
}

export interface LanguageReply extends Detected {
  readonly number: number
}

let worker: Worker | undefined
let lastNumber = 0
const waiting = new Map<number, PromiseWithResolvers<Detected>>()

/**
 * The language of a text, found in a thread: the detector takes a fifth of a second to load.
 *
 * @throws Error when the thread ends before it has answered; the next text starts another
 */
export function detectLanguage(text: string): Promise<Detected> {
  worker ??= start()
  // It keeps the process alive for as long as somebody waits for it.
  worker.ref()
  const asked = Promise.withResolvers<Detected>()
  waiting.set(++lastNumber, asked)
  worker.postMessage({ number: lastNumber, text } satisfies LanguageTask)
  return asked.promise
}

function start(): Worker {
  const started = new Worker(new URL('./language-worker.ts', import.meta.url))
  started.on('message', ({ number, ...detected }: LanguageReply) => {
    waiting.get(number)?.resolve(detected)
    waiting.delete(number)
    if (waiting.size === 0) started.unref()
  })
  started.on('error', (error) => end(started, error))
  started.on('exit', () => end(started, new Error('the thread that tells languages ended')))
  return started
}

function end(ended: Worker, error: unknown): void {
  if (worker !== ended) return
  worker = undefined
  for (const { reject } of waiting.values()) reject(error)
  waiting.clear()
}
