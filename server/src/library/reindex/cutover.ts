import { once } from 'node:events'
import type { ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { LibraryInUse } from '../in-use/library-in-use.ts'
import type { Copy } from './copy.ts'

/** Attempts at a moment without a write; then what was written is copied while other calls wait. */
const maxAttempts = 10

export interface CutoverDeps {
  readonly library: LibraryInUse
  readonly copy: Copy
  /** The library that was made. */
  readonly next: ImageStore
  /** Runs a change of these records so that the knowledge graph follows it. */
  readonly following: (ids: string[], change: () => Promise<void>) => Promise<void>
  readonly dropFailed: boolean
  readonly signal: AbortSignal
}

export interface CutoverResult {
  /** Where the previous library still is. */
  readonly previousLibrary: string | null
  /** Records of it that are not in the new one. */
  readonly leftOut: ImageRecord[]
}

/**
 * Waits for a moment in which nothing is written that the new library does not have, and cuts over in it.
 * The graph knows of the change before it happens, so that a crash leaves no record described as it was.
 *
 * @returns null when the new library could not be made whole
 */
export function cutover(deps: CutoverDeps): Promise<CutoverResult | null> {
  const { copy, following } = deps
  const ids = [...copy.present, ...copy.failures.keys()]
  return new Promise((resolve, reject) => {
    // Done when the library is: the graph may take its time to catch up.
    following(ids, () => tryCutover(deps).then(resolve, reject)).catch(reject)
  })
}

async function tryCutover(deps: CutoverDeps): Promise<CutoverResult | null> {
  const { library, copy, next, dropFailed, signal } = deps
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    await copy.copy(library.store.takeChanged())
    let leftOut: ImageRecord[] = []
    await untilAtRest(deps)
    const done = await library.exchange(next, async (current) => {
      signal.throwIfAborted()
      const changed = library.store.takeChanged()
      if (changed.length > 0 && attempt < maxAttempts) {
        // Copied by the next attempt, for which no other call has to wait.
        library.store.noteChanged(changed)
        return false
      }
      await copy.copy(changed, current)
      if (copy.failures.size > 0 && !dropFailed) return false
      leftOut = await current.get([...copy.failures.keys()])
      return (await current.count()) === (await next.count()) + leftOut.length
    })
    if (done) return { ...done, leftOut }
    if (copy.failures.size > 0 && !dropFailed) return null
  }
  return null
}

/** Closing either library waits for what its index takes in, minutes for a large one; all calls would wait as well. */
async function untilAtRest({ library, next, signal }: CutoverDeps): Promise<void> {
  signal.throwIfAborted()
  const over = new AbortController()
  const stopped = once(signal, 'abort', { signal: over.signal }).catch(() => {})
  await Promise.race([Promise.all([next.atRest?.(), library.store.atRest()]), stopped])
  over.abort()
  signal.throwIfAborted()
}
