import { interruptible, type Interrupt } from '../interrupt.ts'
import { Patience, Stopped } from '../patience.ts'
import { withHowToResume } from '../resuming.ts'
import type { Session } from '../session.ts'
import { startProgressBar } from '../terminal/progress-bar.ts'
import { agreeToCost } from './agree-to-cost.ts'
import { pruneFolders } from './prune-folders.ts'
import type { Outcome, Report } from './report.ts'
import type { Sources } from './sources.ts'
import type { SyncParts } from './sync-parts.ts'
import { sync } from './sync.ts'
import { Tally } from './tally.ts'

export interface ImportJob
  extends Sources, Pick<SyncParts, 'scheme' | 'moves' | 'detailsOf' | 'maxBytes' | 'width'> {
  readonly prune: boolean
  readonly yes: boolean
  readonly watch: boolean
}

const howToResume =
  'Run the same command again to go on: what the library has is not sent a second time.'

/** One import from beginning to end: bring in, prune, tell, and perhaps stay and follow. */
export async function runImport(session: Session, job: ImportJob, report: Report): Promise<void> {
  const { terminal } = session
  const onStopping = () =>
    terminal.err('\nFinishing what is in flight; press Ctrl-C again to leave at once.\n')
  await interruptible(async (interrupt) => {
    if (!(await isAgreedTo(session, job, interrupt))) return terminal.err('Nothing was sent.\n')
    const tally = new Tally()
    const started = performance.now()
    try {
      await bringIn(session, job, report, interrupt, tally)
      if (job.prune && !interrupt.stopping.aborted) {
        await pruneFolders(session, job, (outcome) => note(outcome, tally, report))
      }
    } catch (error) {
      await tell(session, tally, started)
      throw withHowToResume(error, howToResume)
    }
    await tell(session, tally, started)
    if (tally.counts.failed > 0) session.fail()
    if (interrupt.stopping.aborted) throw withHowToResume(new Stopped(), howToResume)
    if (job.watch) {
      const { watchFolders } = await import('./watch.ts')
      await watchFolders(session, job, report, interrupt)
    }
  }, onStopping)
}

async function isAgreedTo(session: Session, job: ImportJob, interrupt: Interrupt) {
  const patience = new Patience(interrupt, () => {})
  const looking = { ...job, client: session.client, patience, interrupt, onOutcome: () => {} }
  return agreeToCost(session, looking, job.sources, job.yes).catch((error: unknown) => {
    throw withHowToResume(error, howToResume)
  })
}

async function bringIn(
  session: Session,
  job: ImportJob,
  report: Report,
  interrupt: Interrupt,
  tally: Tally,
): Promise<void> {
  const bar = startProgressBar(session.terminal, job.sources.length)
  const patience = new Patience(interrupt, (seconds) =>
    bar.remark(`waiting ${Math.ceil(seconds)} s for the server`),
  )
  const onOutcome = (outcome: Outcome) => {
    note(outcome, tally, report)
    bar.update(tally.done, tally.note())
  }
  try {
    await sync({ ...job, client: session.client, patience, interrupt, onOutcome }, job.sources)
  } finally {
    bar.stop()
  }
}

function note(outcome: Outcome, tally: Tally, report: Report): void {
  tally.add(outcome)
  report.write(outcome)
}

async function tell({ terminal, json }: Session, tally: Tally, started: number): Promise<void> {
  const seconds = (performance.now() - started) / 1000
  if (json) {
    const { counts, failures } = tally
    return terminal.out(`${JSON.stringify({ ...counts, seconds, failures })}\n`)
  }
  terminal.err(tally.complaints())
  await terminal.out(tally.summary(seconds))
}
