import type { ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { LibraryInUse } from '../library-in-use.ts'
import type { Copy } from './copy.ts'

/** Attempts at a moment without a write; then what was written is brought over while others wait. */
const mostAttempts = 10

export interface SwitchParts {
  readonly library: LibraryInUse
  readonly copy: Copy
  /** The library that was made. */
  readonly next: ImageStore
  /** Runs a change of these records so that the knowledge graph hears of it. */
  readonly following: (ids: string[], change: () => Promise<void>) => Promise<void>
  readonly leaveOutFailed: boolean
  readonly signal: AbortSignal
}

export interface Switched {
  /** Where the former library still is. */
  readonly kept: string | null
  /** Records of it that are not in the new one. */
  readonly leftOut: ImageRecord[]
}

/**
 * Waits for a moment in which nothing is written that the new library does not have, and switches in it.
 * The graph knows of the change before it happens, so that a crash leaves no record described as it was.
 *
 * @returns null when the new library could not be made whole
 */
export function switchOver(parts: SwitchParts): Promise<Switched | null> {
  const { copy, following } = parts
  const ids = [...copy.present, ...copy.failures.ids]
  return new Promise((resolve, reject) => {
    // Done when the library is: the graph may take its time to hear of everything.
    following(ids, () => trySwitch(parts).then(resolve, reject)).catch(reject)
  })
}

async function trySwitch(parts: SwitchParts): Promise<Switched | null> {
  const { library, copy, next, leaveOutFailed, signal } = parts
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    await copy.bring(library.store.takeChanged())
    let leftOut: ImageRecord[] = []
    const done = await library.exchange(next, async (current) => {
      signal.throwIfAborted()
      const changed = library.store.takeChanged()
      if (changed.length > 0 && attempt < mostAttempts) {
        // Brought over by the next attempt, for which nobody has to wait.
        library.store.noteChanged(changed)
        return false
      }
      await copy.bring(changed, current)
      if (copy.failures.size > 0 && !leaveOutFailed) return false
      leftOut = await current.get(copy.failures.ids)
      return (await current.count()) === (await next.count()) + leftOut.length
    })
    if (done) return { ...done, leftOut }
    if (copy.failures.size > 0 && !leaveOutFailed) return null
  }
  return null
}
