import { errorLine } from '../failure.ts'
import { interruptible, type Interrupt } from '../interrupt.ts'
import { RetryPolicy, Stopped } from '../retry-policy.ts'
import { withHowToResume } from '../resuming.ts'
import type { Session } from '../session.ts'
import { startProgressBar } from '../terminal/progress-bar.ts'
import { agreeToCost } from './agree-to-cost.ts'
import type { ImportDeps, ImportJob } from './import-job.ts'
import { pruneFolders } from './prune.ts'
import { rowWithoutPicture, type ImportReport } from './report.ts'
import { sync } from './sync.ts'

const howToResume =
  'Run the same command again to go on: what the library has is not sent a second time.'

/** One import from beginning to end: bring in, prune, report, and perhaps stay and follow. */
export async function runImport(
  session: Session,
  job: ImportJob,
  report: ImportReport,
): Promise<void> {
  const { client, terminal } = session
  const onStopping = () =>
    terminal.err('\nFinishing what is in flight; press Ctrl-C again to leave at once.\n')
  const work = async (interrupt: Interrupt) => {
    const deps: ImportDeps = {
      job,
      client,
      retry: new RetryPolicy(interrupt),
      interrupt,
      onOutcome: (outcome) => report.add(outcome),
    }
    if (!(await agreeToCost(terminal, deps))) return terminal.err('Nothing was sent.\n')
    const started = performance.now()
    reportFound(deps)
    try {
      await syncWithBar(session, deps, report)
      if (job.prune && !interrupt.stopping.aborted) {
        await pruneFolders(session, job, deps.onOutcome)
      }
    } finally {
      reportUnmet(deps)
      await printReport(session, report, (performance.now() - started) / 1000)
    }
    if (report.counts.failed > 0) session.fail()
    if (interrupt.stopping.aborted) throw new Stopped()
    if (job.watch) {
      const { watchFolders } = await import('./watch.ts')
      await watchFolders(session, deps)
    }
  }
  await interruptible(work, onStopping).catch((error: unknown) => {
    throw withHowToResume(error, howToResume)
  })
}

/** What was met and is not sent, and what could not be looked at. */
function reportFound({ job, onOutcome }: ImportDeps): void {
  for (const { path, kind } of job.leftOut) {
    onOutcome({ source: path, outcome: 'left_out', kind, reason: kind })
  }
  for (const { path, kind, reason } of [
    ...job.unreadable,
    ...(job.watch ? [] : job.withoutPictures),
  ]) {
    onOutcome({ source: path, outcome: 'failed', kind, reason })
  }
}

/** Rows of the manifest that no picture was met for. */
function reportUnmet({ job, interrupt, onOutcome }: ImportDeps): void {
  if (interrupt.stopping.aborted) return
  const told = new Set(job.unreadable.map(({ path }) => path))
  for (const name of job.unmetRows().filter((row) => !told.has(row))) {
    onOutcome({ source: name, outcome: 'left_out', kind: rowWithoutPicture, reason: 'no such picture was met' }) // prettier-ignore
  }
}

async function syncWithBar(
  { terminal }: Session,
  deps: ImportDeps,
  report: ImportReport,
): Promise<void> {
  const { sources } = deps.job
  const bar = startProgressBar(terminal, sources.length)
  const retry = new RetryPolicy(deps.interrupt, (seconds) =>
    bar.remark(`waiting ${Math.ceil(seconds)} s for the server`),
  )
  const onOutcome: ImportDeps['onOutcome'] = (outcome) => {
    deps.onOutcome(outcome)
    bar.update(report.done, report.progress())
  }
  try {
    await sync({ ...deps, retry, onOutcome }, sources)
  } finally {
    bar.stop()
  }
}

async function printReport(
  { terminal, json }: Session,
  report: ImportReport,
  seconds: number,
): Promise<void> {
  const { counts, kinds, failures } = report
  if (json) return terminal.out(`${JSON.stringify({ ...counts, seconds, kinds, failures })}\n`)
  for (const line of report.unmetLines()) terminal.err(line)
  for (const line of report.failureLines()) terminal.err(errorLine(line))
  await terminal.out(report.summary(seconds))
}
