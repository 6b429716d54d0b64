import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch } from 'chokidar'
import { LookalikeApiError } from '../../errors.ts'
import { reasonOf } from '../failure.ts'
import type { Interrupt } from '../interrupt.ts'
import { Patience } from '../patience.ts'
import { recordId } from '../record-id.ts'
import type { Session } from '../session.ts'
import { oneLine } from '../terminal/format.ts'
import { exists } from './moves.ts'
import type { Outcome, Report } from './report.ts'
import type { ImportJob } from './run-import.ts'
import { isInside, isPicture, type FileSource } from './sources.ts'
import { sync } from './sync.ts'

/** A file counts as written, and a burst of changes as over, after this much quiet. */
const quietMs = 500

/** Keeps the library in step with the folders until the person stops it; each change is one line. */
export async function watchFolders(
  session: Session,
  job: ImportJob,
  report: Report,
  interrupt: Interrupt,
): Promise<void> {
  const { terminal, json } = session
  const touched = new Set<string>()
  const watcher = watch(job.folders, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: quietMs, pollInterval: 100 },
    ignored: (path, stats) => stats?.isFile() === true && !isWatched(path),
  })
  watcher.on('all', (_event, path) => {
    if (isWatched(path)) touched.add(path.replace(/\.json$/, ''))
  })
  watcher.on('error', (error) => terminal.err(`lookalike: ${reasonOf(error)}\n`))
  await new Promise<void>((ready) => watcher.once('ready', ready))
  terminal.err(`Watching ${job.folders.join(', ')}; Ctrl-C ends it.\n`)

  const onOutcome = (outcome: Outcome) => {
    report.write(outcome)
    const { source, reason } = outcome
    const line = `${outcome.outcome}  ${source}${reason ? `: ${reason}` : ''}`
    void terminal.out(`${json ? JSON.stringify(outcome) : oneLine(line)}\n`)
  }
  const patience = new Patience(interrupt, () => {})
  const parts = { ...job, client: session.client, patience, interrupt, onOutcome }
  try {
    while (!interrupt.stopping.aborted) {
      await sleep(quietMs, undefined, { signal: interrupt.stopping }).catch(() => {})
      const paths = [...touched]
      touched.clear()
      const sources = paths.map((path) => sourceOf(path, job.folders))
      const there = await Promise.all(paths.map(exists))
      // Arrivals first: a file that moved is then known to be elsewhere before it is missed here.
      const arrived = sources.filter((_, at) => there[at])
      await sync(parts, arrived)
      if (!job.prune) continue
      const gone = sources.filter((_, at) => !there[at])
      for (const source of gone) await forget(session, job, source, onOutcome)
    }
  } finally {
    await watcher.close()
  }
}

/** Pictures, and the sidecars beside them. */
function isWatched(path: string): boolean {
  return isPicture(extname(path) === '.json' ? path.slice(0, -'.json'.length) : path)
}

function sourceOf(path: string, folders: string[]): FileSource {
  return { path, root: folders.find((folder) => isInside(folder, path)) ?? folders[0]! }
}

async function forget(
  { client }: Session,
  { scheme, moves }: ImportJob,
  source: FileSource,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const uri = scheme.uriOf(source)
  const id = recordId(uri)
  if (moves.keeps(id)) return
  try {
    await client.remove(id)
    onOutcome({ source: source.path, outcome: 'removed', id, image_uri: uri })
  } catch (error) {
    // It was never in the library, or is no longer: just as wanted.
    if (error instanceof LookalikeApiError && error.problem.code === 'not_found') return
    onOutcome({ source: source.path, outcome: 'failed', reason: reasonOf(error) })
  }
}
