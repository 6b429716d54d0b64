import { extname, relative, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch, type FSWatcher } from 'chokidar'
import { errorLine, reasonOf } from '../failure.ts'
import { RetryPolicy } from '../retry-policy.ts'
import type { Session } from '../session.ts'
import { oneLine } from '../terminal/format.ts'
import type { ImportDeps } from './import-job.ts'
import { exists } from './moved-files.ts'
import { pruneFile } from './prune.ts'
import type { Outcome } from './report.ts'
import { isPicture, isSystemFile, isSystemFolder } from './finding/kinds.ts'
import { isInside, type FileSource } from './finding/sources.ts'
import { sync } from './sync.ts'

/** A file counts as written after this much quiet. */
const quietMs = 500
/** A file is missed this long before its record goes: one that moved arrives elsewhere meanwhile. */
const graceMs = 4 * quietMs

/** Keeps the library in step with the folders until the person stops it; each change is one line. */
export async function watchFolders(
  { terminal, json }: Session,
  importDeps: ImportDeps,
): Promise<void> {
  const { job, interrupt } = importDeps
  const touched = new Map<string, number>()
  const watcher = watch(job.folders, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: quietMs, pollInterval: 100 },
    ignored: (path, stats) => isPassedBy(path, job.folders) || (stats?.isFile() === true && !isWatched(path)), // prettier-ignore
  })
  watcher.on('all', (_event, path) => {
    if (isWatched(path)) touched.set(path.replace(/\.json$/, ''), Date.now())
  })
  watcher.on('error', (error) => terminal.err(errorLine(reasonOf(error))))
  await isReady(watcher)
  terminal.err(`Watching ${job.folders.join(', ')}; Ctrl-C ends it.\n`)

  const onOutcome = (outcome: Outcome) => {
    importDeps.onOutcome(outcome)
    const { source, reason } = outcome
    const line = `${outcome.outcome}  ${source}${reason ? `: ${reason}` : ''}`
    void terminal.out(`${json ? JSON.stringify(outcome) : oneLine(line)}\n`)
  }
  try {
    while (!interrupt.stopping.aborted) {
      await sleep(quietMs, undefined, { signal: interrupt.stopping }).catch(() => {})
      const { arrived, gone } = await takeSettled(touched, job.folders)
      // A policy for each round: a server that stays away is given its time each time.
      const deps = { ...importDeps, onOutcome, retry: new RetryPolicy(interrupt) }
      try {
        await sync(deps, arrived)
      } catch (error) {
        // A server that stays away is no reason to stop watching: what arrived is tried again.
        terminal.err(errorLine(reasonOf(error)))
        for (const { path } of arrived) touched.set(path, Date.now())
        continue
      }
      if (job.prune) for (const source of gone) await pruneFile(deps, source)
    }
  } finally {
    await watcher.close()
  }
}

function isReady(watcher: FSWatcher): Promise<void> {
  return new Promise((ready) => watcher.once('ready', ready))
}

/** Hidden and system files and folders, as an import passes them by. */
function isPassedBy(path: string, folders: string[]): boolean {
  const folder = folders.find((one) => isInside(one, path))
  if (!folder) return false
  const names = relative(folder, path).split(sep)
  return names.some((name, at) => name.startsWith('.') || isSystemFile(name) || isSystemFolder(name, names[at - 1] ?? folder)) // prettier-ignore
}

/** Pictures, and the sidecars beside them. */
function isWatched(path: string): boolean {
  return isPicture(extname(path) === '.json' ? path.slice(0, -'.json'.length) : path)
}

/** Takes what is there, and what has been missed for long enough, out of what was touched. */
async function takeSettled(touched: Map<string, number>, folders: string[]) {
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
