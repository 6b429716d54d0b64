import { LookalikeError } from '../../errors.ts'
import type { JobNotes } from '../../state/job-notes.ts'
import type { LibraryInUse } from '../in-use/library-in-use.ts'
import type { LibraryDeps } from '../deps.ts'
import { type ReindexJob, noCounts, noJob, type ReindexOptions } from './job.ts'
import { planReindex, type ReindexPlan } from './plan.ts'
import { runReindex } from './run.ts'
import { assertNeeded, sourceRules } from './source.ts'
import type { CutoverDeps } from './cutover.ts'

const note = 'reindex-job'

export interface ReindexerDeps {
  readonly library: LibraryInUse
  readonly deps: LibraryDeps
  readonly jobs: JobNotes
  readonly following: CutoverDeps['following']
}

/** A job, and how fast it is; of a server that never had one, the embedders alone are known. */
export type ReindexStatus = (ReindexJob | ReturnType<typeof noJob>) & {
  /** Records a second since it was last started; null while it is not running. */
  readonly recordsPerSecond: number | null
}

interface Run {
  readonly abort: AbortController
  readonly since: number
  readonly ended: Promise<unknown>
}

/** Re-embeds the library with the embedder of the settings: one job at a time, resumed where it stopped. */
export class Reindexer {
  readonly #deps: ReindexerDeps
  #job: ReindexJob | null
  #run: Run | null = null

  constructor(deps: ReindexerDeps) {
    this.#deps = deps
    this.#job = afterRestart(deps.jobs.read<ReindexJob>(note), deps.library)
  }

  status(): ReindexStatus {
    const { embedder, target } = this.#deps.library
    if (!this.#job) return { ...noJob(embedder.id, target.id), recordsPerSecond: null }
    return { ...this.#job, recordsPerSecond: this.#rate() }
  }

  /**
   * What `start` would do.
   *
   * @throws LookalikeError `unsupported` when there is nothing to do
   */
  async plan(options: ReindexOptions, signal: AbortSignal): Promise<ReindexPlan> {
    const { library, deps } = this.#deps
    assertNeeded(library, options)
    return planReindex({ ...deps, ...sourceRules(library, options) }, library.store, signal)
  }

  /**
   * Begins, or goes on where the last job stopped; a job that is running goes on as it is.
   *
   * @param onFailure called with every error, its cause included, which the job's own record leaves out
   * @throws LookalikeError `unsupported` when there is nothing to do
   */
  start(options: ReindexOptions, onFailure: (error: unknown) => void): void {
    if (this.#run) return
    const { library } = this.#deps
    assertNeeded(library, options)
    const resumed = this.#resumable(options)
    this.#save({
      ...(resumed ?? {
        previousEmbedder: library.embedder.id,
        targetEmbedder: library.target.id,
        counts: noCounts,
        startedAt: new Date().toISOString(),
      }),
      ...options,
      failures: [],
      state: 'running',
      reason: null,
      finishedAt: null,
      neighbourOverlap: null,
      previousLibrary: null,
    })
    const abort = new AbortController()
    const ended = this.#work(resumed === null, abort.signal, onFailure)
      // How it ended could not be written down: it is in memory.
      .catch(onFailure)
      .finally(() => (this.#run = null))
    this.#run = { abort, ended, since: performance.now() }
  }

  /** Resolves once the job has stopped; what is re-embedded is kept. */
  async stop(): Promise<void> {
    this.#run?.abort.abort(new Error('stopped'))
    await this.#run?.ended
  }

  async #work(
    isNew: boolean,
    signal: AbortSignal,
    onFailure: (error: unknown) => void,
  ): Promise<void> {
    const { library, deps, following } = this.#deps
    const job = this.#job!
    try {
      if (isNew) await library.discardNext()
      const outcome = await runReindex({
        ...deps,
        ...sourceRules(library, job, job.previousEmbedder),
        library,
        deps,
        following,
        signal,
        onFailure,
        before: job.counts,
        dropFailed: job.dropFailed,
        onProgress: (progress) => this.#save({ ...this.#job!, ...progress }),
      })
      this.#end(outcome)
    } catch (error) {
      if (signal.aborted) return this.#end({ state: 'stopped', reason: stoppedOnRequest })
      onFailure(error)
      const known = error instanceof LookalikeError
      this.#end({ state: known ? 'stopped' : 'failed', reason: known ? error.message : unexpected })
    }
  }

  #end(outcome: Partial<ReindexJob>): void {
    this.#save({ ...this.#job!, ...outcome, finishedAt: new Date().toISOString() })
  }

  #save(job: ReindexJob): void {
    this.#job = job
    this.#deps.jobs.write(note, job)
  }

  #rate(): number | null {
    if (!this.#run) return null
    return (this.#job!.counts.done * 1000) / (performance.now() - this.#run.since)
  }

  /** The job to go on with: unfinished, and of the same embedders. */
  #resumable(options: ReindexOptions): ReindexJob | null {
    const { library } = this.#deps
    const job = this.#job
    if (!job || job.state === 'complete') return null
    const same =
      job.previousEmbedder === library.embedder.id &&
      job.targetEmbedder === library.target.id &&
      job.describeAgain === options.describeAgain
    return same ? job : null
  }
}

/** A job that was running when its server ended: it had cut over already, or can be resumed. */
function afterRestart(job: ReindexJob | null, library: LibraryInUse): ReindexJob | null {
  if (job?.state !== 'running') return job
  const finishedAt = new Date().toISOString()
  const switched =
    job.previousEmbedder !== job.targetEmbedder && library.embedder.id === job.targetEmbedder
  if (switched) return { ...job, state: 'complete', finishedAt }
  return {
    ...job,
    state: 'stopped',
    reason: 'The server ended. Start it again to go on.',
    finishedAt,
  }
}

const stoppedOnRequest = 'It was stopped. Start it again to go on: what is re-embedded is kept.'
const unexpected = "It met an error that was not expected; the server's log has it."
