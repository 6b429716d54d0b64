import { existsSync, readFileSync } from 'node:fs'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Library } from '../../image-store.ts'
import type { Quantization } from '../settings.ts'

export interface IndexTask {
  readonly dataDir: string
  readonly library: Library
  readonly quantization: Quantization
}

/** How the vector index is, compared with the records that it was made of. */
export interface IndexState {
  /**
   * `unsealed`: it was not closed in order, belongs to another library.db or was made by other settings or another
   * version, and the next start makes it anew.
   * `unreadable`: it cannot be opened, or ends the process that opens it.
   */
  readonly state: 'compared' | 'absent' | 'unsealed' | 'unreadable'
  readonly entries: number
  /** Records that it does not hold, that it holds an older vector of, and entries that no record has. */
  readonly missing: number
  readonly stale: number
  readonly stray: number
  /** Vectors that were looked for by themselves, and those that were not found. */
  readonly asked: number
  readonly lost: number
  /** Of the ten nearest by comparing all, the share that it finds. */
  readonly recall: number
}

export const nothingCompared: Omit<IndexState, 'state'> = {
  entries: 0,
  missing: 0,
  stale: 0,
  stray: 0,
  asked: 0,
  lost: 0,
  recall: 1,
}

/**
 * Compares the index with the truth, in a process of its own: files that are mapped into memory can end the process
 * where a damaged one should have been an error. `library.db` must not be open meanwhile.
 */
export async function checkIndex(task: IndexTask): Promise<IndexState> {
  const folder = join(task.dataDir, 'vectors')
  if (!existsSync(folder)) return { ...nothingCompared, state: 'absent' }
  const worker = fileURLToPath(new URL('./index-check-worker.ts', import.meta.url))
  const child = fork(worker, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const answer = Promise.withResolvers<IndexState | string>()
    child.once('message', (message) => answer.resolve(message as IndexState | string))
    child.once('error', answer.reject)
    child.once('exit', () => answer.resolve({ ...nothingCompared, state: 'unreadable' }))
    child.send(task)
    const found = await answer.promise
    if (typeof found === 'string') throw new Error(found)
    return found
  } finally {
    child.kill()
  }
}

/** What is written beside the collection when it was closed in order. */
export function sealOf(dataDir: string): string | null {
  const path = join(dataDir, 'vectors', 'seal')
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
