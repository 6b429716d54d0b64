import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch, type FSWatcher } from 'chokidar'
import { LookalikeApiError } from '@lookalike/sdk'
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

/** A file counts as written after this much quiet. */
const quietMs = 500
/** A file is missed this long before it is forgotten: one that moved arrives elsewhere meanwhile. */
const graceMs = 4 * quietMs

/** Keeps the library in step with the folders until the person stops it; each change is one line. */
export async function watchFolders(
  session: Session,
  job: ImportJob,
  report: Report,
  interrupt: Interrupt,
): Promise<void> {
  const { terminal, json, client } = session
  const touched = new Map<string, number>()
  const watcher = watch(job.folders, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: quietMs, pollInterval: 100 },
    ignored: (path, stats) => stats?.isFile() === true && !isWatched(path),
  })
  watcher.on('all', (_event, path) => {
    if (isWatched(path)) touched.set(path.replace(/\.json$/, ''), Date.now())
  })
  watcher.on('error', (error) => terminal.err(`lookalike: ${reasonOf(error)}\n`))
  await isReady(watcher)
  terminal.err(`Watching ${job.folders.join(', ')}; Ctrl-C ends it.\n`)

  const onOutcome = (outcome: Outcome) => {
    report.write(outcome)
    const { source, reason } = outcome
    const line = `${outcome.outcome}  ${source}${reason ? `: ${reason}` : ''}`
    void terminal.out(`${json ? JSON.stringify(outcome) : oneLine(line)}\n`)
  }
  const parts = {
    ...job,
    client,
    patience: new Patience(interrupt, () => {}),
    interrupt,
    onOutcome,
  }
  try {
    while (!interrupt.stopping.aborted) {
      await sleep(quietMs, undefined, { signal: interrupt.stopping }).catch(() => {})
      const { arrived, gone } = await sortOut(touched, job.folders)
      try {
        await sync(parts, arrived)
      } catch (error) {
        // A server that stays away is no reason to stop watching: what arrived is tried again.
        terminal.err(`lookalike: ${reasonOf(error)}\n`)
        for (const { path } of arrived) touched.set(path, Date.now())
        continue
      }
      if (job.prune) for (const source of gone) await forget(session, job, source, onOutcome)
    }
  } finally {
    await watcher.close()
  }
}

function isReady(watcher: FSWatcher): Promise<void> {
  return new Promise((ready) => watcher.once('ready', ready))
}

/** Pictures, and the sidecars beside them. */
function isWatched(path: string): boolean {
  return isPicture(extname(path) === '.json' ? path.slice(0, -'.json'.length) : path)
}

/** Takes what is there, and what has been missed for long enough, out of what was touched. */
async function sortOut(touched: Map<string, number>, folders: string[]) {
  const arrived: FileSource[] = []
  const gone: FileSource[] = []
  for (const [path, since] of touched) {
    const source = { path, root: folders.find((folder) => isInside(folder, path)) ?? folders[0]! }
    if (await exists(path)) arrived.push(source)
    else if (Date.now() - since >= graceMs) gone.push(source)
    else continue
    touched.delete(path)
  }
  return { arrived, gone }
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
