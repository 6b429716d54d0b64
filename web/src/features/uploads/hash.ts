import type { Answered, Asked } from './hash.worker.ts'

let worker: Worker | undefined
let last = 0
const waiting = new Map<number, (sha256: string | null) => void>()

/** SHA-256 of a file's bytes in lower-case hex; null where it cannot be read. */
export function hash(file: Blob): Promise<string | null> {
  worker ??= start()
  const key = ++last
  return new Promise((resolve) => {
    waiting.set(key, resolve)
    worker!.postMessage({ key, file } satisfies Asked)
  })
}

function start(): Worker {
  const started = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' })
  started.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
    waiting.get(data.key)?.(data.sha256)
    waiting.delete(data.key)
  })
  return started
}
