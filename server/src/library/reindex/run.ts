import type { ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { LibraryInUse } from '../in-use/library-in-use.ts'
import type { LibraryDeps } from '../deps.ts'
import { removeUnusedFiles } from '../unused-files.ts'
import { Copy } from './copy.ts'
import type { ReindexCounts, ReindexJob } from './job.ts'
import { cutover, type CutoverDeps } from './cutover.ts'
import { measureOverlap } from './overlap.ts'
import type { ReembedDeps } from './re-embed.ts'

/** Other servers may write as well; more comparisons than this would not find an end. */
const maxComparisons = 3
const maxFailuresShown = 100

interface RunDeps extends ReembedDeps {
  readonly library: LibraryInUse
  readonly deps: LibraryDeps
  readonly following: CutoverDeps['following']
  readonly signal: AbortSignal
  /** What was counted before the job was resumed. */
  readonly before: ReindexCounts
  readonly dropFailed: boolean
  readonly onProgress: (progress: Partial<ReindexJob>) => void
  /** Called for every record that fails, with its cause. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Re-embeds the library and, when every record of it is in the new one, puts that in its place.
 *
 * @returns how the job ended
 * @throws LookalikeError what concerns all records; the signal's reason once aborted
 */
export async function runReindex(run: RunDeps): Promise<Partial<ReindexJob>> {
  const { library } = run
  let next = await library.openNext()
  library.store.watch()
  try {
    const copy = await makeCopy(run, next)
    for (let n = 0; n < maxComparisons && (await copy.copyAll()) > 0; n++);
    if (copy.failures.size > 0 && !run.dropFailed) return blocked(copy)
    const neighbourOverlap = await measureOverlap(
      library.store,
      next,
      [...copy.present],
      run.signal,
    )
    run.onProgress({ neighbourOverlap })
    // What the store does in the background is done before it closes: no call waits for it later.
    await next.close()
    next = await library.openNext()
    copy.continueIn(next)
    const done = await cutover({ ...run, copy, next })
    if (!done)
      return copy.failures.size > 0 ? blocked(copy) : { state: 'stopped', reason: changedElsewhere }
    await cleanUpAfter(run.deps, done.leftOut)
    const counts = countsOf(copy, copy.present.size + copy.failures.size, run.before)
    return { state: 'complete', counts, previousLibrary: done.previousLibrary }
  } finally {
    library.store.unwatch()
    // Harmless where it was closed to be put in use.
    await next.close()
  }
}

async function makeCopy(run: RunDeps, next: ImageStore): Promise<Copy> {
  const { library, before, onProgress } = run
  let total = await library.store.count()
  onProgress({ counts: { ...before, total, done: 0, failed: 0 } })
  const report = () => {
    total = Math.max(total, copy.present.size + copy.failures.size)
    onProgress({
      counts: countsOf(copy, total, before),
      failures: [...copy.failures.values()].slice(0, maxFailuresShown),
    })
  }
  const copy = new Copy({ ...run, current: library.store, onProgress: report }, next)
  return copy
}

/** What deleting the records would have done. */
async function cleanUpAfter(deps: LibraryDeps, leftOut: ImageRecord[]): Promise<void> {
  deps.calibration.forget()
  deps.duplicateGroups.note(leftOut.map(({ id }) => id))
  await removeUnusedFiles(
    deps,
    leftOut.flatMap(({ file }) => file?.sha256 ?? []),
  )
}

function countsOf({ counts, present, failures }: Copy, total: number, before: ReindexCounts) {
  return {
    total,
    done: present.size,
    cached: before.cached + counts.cached,
    described: before.described + counts.described,
    embedded: before.embedded + counts.embedded,
    fromDescription: before.fromDescription + counts.fromDescription,
    failed: failures.size,
  }
}

function blocked({ failures }: Copy): Partial<ReindexJob> {
  const what = failures.size === 1 ? '1 record' : `${failures.size} records`
  const reason =
    `${what} cannot be re-embedded, so the library stays as it was; failures says why. Fix or delete them and ` +
    'start again, or start with drop_failed (--drop-failed) to go on without them, which deletes them from the library.'
  return { state: 'failed', reason }
}

const changedElsewhere =
  'The library changed in ways this server did not see, perhaps by another server: start again when it is at rest.'
