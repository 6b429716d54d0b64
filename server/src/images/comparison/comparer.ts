import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Change } from './change.ts'
import type { Sketch } from './sketch.ts'
import type { CompareTask } from './worker.ts'

const idleTimeoutMs = 10_000

/** Compares pictures in a thread, for each pair takes milliseconds in which a server would answer nobody. */
export interface Comparer {
  /** What was done to the picture to get each of the others; null for those that are other pictures. */
  compare(picture: Sketch, others: readonly Sketch[]): Promise<(Change | null)[]>
}

/** @param urgent false: the thread takes only what time others leave, where the system can tell threads apart */
export function openComparer({ urgent }: { urgent: boolean }): Comparer {
  let pool: Piscina<CompareTask, (Change | null)[]> | undefined
  const open = () =>
    new Piscina<CompareTask, (Change | null)[]>({
      filename: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: idleTimeoutMs,
      // A thread that ends between two tasks is replaced.
    }).on('error', () => {})
  return {
    compare(picture, others) {
      pool ??= open()
      return pool.run({ picture, others, urgent })
    },
  }
}
