import type { ImageStore } from '../../stores/image-store.ts'
import type { LibraryInUse } from '../library-in-use.ts'
import type { Parts } from '../parts.ts'
import { removeUnusedFiles } from '../remove-image.ts'
import { Copy } from './copy.ts'
import type { ReindexCounts, ReindexJob } from './job.ts'
import type { MakeOverParts } from './make-over.ts'
import { reportMoves } from './moves.ts'
import type { ReindexerParts } from './reindexer.ts'

/** Other servers may write as well; more comparisons than this would not find an end. */
const mostComparisons = 3
/** Attempts at a moment without a write; then what was written is brought over while others wait. */
const mostAttempts = 10
const mostFailuresShown = 100

interface RunParts extends MakeOverParts {
  readonly library: LibraryInUse
  readonly parts: Parts
  readonly following: ReindexerParts['following']
  readonly signal: AbortSignal
  /** What was counted before the job was resumed. */
  readonly before: ReindexCounts
  readonly leaveOutFailed: boolean
  readonly onProgress: (progress: Partial<ReindexJob>) => void
  /** Told of every record that fails, with its cause. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Makes the library over and, when every record of it is in the new one, puts that in its place.
 *
 * @returns how the job ended
 * @throws LookalikeError what concerns all records; the signal's reason once aborted
 */
export async function runReindex(run: RunParts): Promise<Partial<ReindexJob>> {
  const { library } = run
  const next = await library.openNext()
  let open = true
  library.store.watch()
  try {
    const copy = await makeCopy(run, next)
    for (let n = 0; n < mostComparisons && (await copy.bringAll()) > 0; n++);
    const { size } = copy.failures
    if (size > 0 && !run.leaveOutFailed) return { state: 'failed', reason: blockedBy(size) }
    const report = await reportMoves(library.store, next, [...copy.present], run.signal)
    run.onProgress({ report })
    const leftOut = await library.store.get(copy.failures.ids)
    const ended = await switchOver(run, copy, next)
    open = ended.state !== 'complete'
    if (!open) {
      run.onProgress({ counts: countsOf(copy, copy.present.size + copy.failures.size, run.before) })
      await removeUnusedFiles(
        run.parts,
        leftOut.flatMap(({ file }) => file?.sha256 ?? []),
      )
    }
    return ended
  } finally {
    library.store.unwatch()
    if (open) await next.close()
  }
}

async function makeCopy(run: RunParts, next: ImageStore): Promise<Copy> {
  const { library, before, onProgress } = run
  let total = await library.store.count()
  onProgress({ counts: { ...before, total, done: 0, failed: 0 } })
  const copy: Copy = new Copy({
    ...run,
    current: library.store,
    next,
    onProgress: () => {
      total = Math.max(total, copy.present.size + copy.failures.size)
      onProgress({
        counts: countsOf(copy, total, before),
        failures: copy.failures.first(mostFailuresShown),
      })
    },
  })
  return copy
}

function countsOf({ made, present, failures }: Copy, total: number, before: ReindexCounts) {
  return {
    total,
    done: present.size,
    reused: before.reused + made.reused,
    described: before.described + made.described,
    embedded: before.embedded + made.embedded,
    from_description: before.from_description + made.from_description,
    failed: failures.size,
  }
}

/**
 * Waits for a moment in which nothing is written that the new library does not have, and switches in it.
 * The graph knows of the change before it happens, so that a crash leaves no record described as it was.
 */
async function switchOver(
  run: RunParts,
  copy: Copy,
  next: ImageStore,
): Promise<Partial<ReindexJob>> {
  const { library, following } = run
  const ids = [...copy.present, ...copy.failures.ids]
  return new Promise((resolve, reject) => {
    const change = () => trySwitch(library, copy, next, run).then(resolve, reject)
    following(ids, change).catch(reject)
  })
}

async function trySwitch(
  library: LibraryInUse,
  copy: Copy,
  next: ImageStore,
  { signal, leaveOutFailed }: RunParts,
): Promise<Partial<ReindexJob>> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    await copy.bring(library.store.takeChanged())
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
      return (await current.count()) === (await next.count()) + copy.failures.size
    })
    if (done) return { state: 'complete', reason: null, kept: done.kept }
    const { size } = copy.failures
    if (size > 0 && !leaveOutFailed) return { state: 'failed', reason: blockedBy(size) }
  }
  return { state: 'stopped', reason: unevenly }
}

function blockedBy(failed: number): string {
  const what = failed === 1 ? '1 record' : `${failed} records`
  return (
    `${what} cannot be made over, so the library stays as it was; failures says why. Mend or delete them and ` +
    'start again, or start with leave_out_failed to go on without them, which deletes them from the library.'
  )
}

const unevenly =
  'The library changed in ways this server did not see, perhaps by another server: start again when it is at rest.'
