import type { ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { LibraryInUse } from '../library-in-use.ts'
import type { Parts } from '../deps.ts'
import { removeUnusedFiles } from '../edit.ts'
import { Copy } from './copy.ts'
import type { ReindexCounts, ReindexJob } from './job.ts'
import type { MakeOverParts } from './re-embed.ts'
import { reportMoves } from './overlap.ts'
import { switchOver, type SwitchParts } from './cutover.ts'

/** Other servers may write as well; more comparisons than this would not find an end. */
const mostComparisons = 3
const mostFailuresShown = 100

interface RunParts extends MakeOverParts {
  readonly library: LibraryInUse
  readonly parts: Parts
  readonly following: SwitchParts['following']
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
  let next = await library.openNext()
  library.store.watch()
  try {
    const copy = await makeCopy(run, next)
    for (let n = 0; n < mostComparisons && (await copy.bringAll()) > 0; n++);
    if (copy.failures.size > 0 && !run.leaveOutFailed) return blocked(copy)
    const report = await reportMoves(library.store, next, [...copy.present], run.signal)
    run.onProgress({ report })
    // What the store has to do in the background is done before it closes: nobody waits for it then.
    await next.close()
    next = await library.openNext()
    copy.goOnIn(next)
    const done = await switchOver({ ...run, copy, next })
    if (!done)
      return copy.failures.size > 0 ? blocked(copy) : { state: 'stopped', reason: unevenly }
    await clearUpAfter(run.parts, done.leftOut)
    const counts = countsOf(copy, copy.present.size + copy.failures.size, run.before)
    return { state: 'complete', counts, kept: done.kept }
  } finally {
    library.store.unwatch()
    // Harmless where it was closed to be put in use.
    await next.close()
  }
}

async function makeCopy(run: RunParts, next: ImageStore): Promise<Copy> {
  const { library, before, onProgress } = run
  let total = await library.store.count()
  onProgress({ counts: { ...before, total, done: 0, failed: 0 } })
  const tell = () => {
    total = Math.max(total, copy.present.size + copy.failures.size)
    onProgress({
      counts: countsOf(copy, total, before),
      failures: copy.failures.first(mostFailuresShown),
    })
  }
  const copy = new Copy({ ...run, current: library.store, onProgress: tell }, next)
  return copy
}

/** What deleting the records would have done. */
async function clearUpAfter(parts: Parts, leftOut: ImageRecord[]): Promise<void> {
  parts.duplicateGroups.note(leftOut.map(({ id }) => id))
  await removeUnusedFiles(
    parts,
    leftOut.flatMap(({ file }) => file?.sha256 ?? []),
  )
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

function blocked({ failures }: Copy): Partial<ReindexJob> {
  const what = failures.size === 1 ? '1 record' : `${failures.size} records`
  const reason =
    `${what} cannot be made over, so the library stays as it was; failures says why. Mend or delete them and ` +
    'start again, or start with leave_out_failed (--leave-out-failed) to go on without them, which deletes them from the library.'
  return { state: 'failed', reason }
}

const unevenly =
  'The library changed in ways this server did not see, perhaps by another server: start again when it is at rest.'
