import { LookalikeApiError, type Client, type ImageRecord } from '@lookalike/sdk'
import { CommandError, reasonOf } from '../failure.ts'
import { recordId } from '../record-id.ts'
import type { Session } from '../session.ts'
import { confirm } from '../terminal/confirm.ts'
import { counted, oneLine } from '../terminal/format.ts'
import type { ImportDeps, ImportJob } from './import-job.ts'
import { exists } from './moved-files.ts'
import type { Outcome } from './report.ts'
import { isInside, type FileSource } from './finding/sources.ts'

const pageSize = 1000
const maxShown = 20

/** Deletes the records whose file has vanished from the folders, after showing which. */
export async function pruneFolders(
  { client, terminal }: Session,
  job: ImportJob,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const vanished = await findVanished(client, job)
  if (vanished.length === 0) return
  for (const folder of job.folders) {
    // A disk that is not mounted looks like a folder from which everything has vanished.
    if (job.sources.some((source) => 'path' in source && isInside(folder, source.path))) continue
    throw new CommandError(
      `Nothing was deleted: ${folder} holds no pictures at all. If that is meant, use lookalike delete.`,
    )
  }
  terminal.err('These have vanished from the folder:\n')
  for (const { image_uri } of vanished.slice(0, maxShown)) terminal.err(`  ${oneLine(image_uri)}\n`)
  if (vanished.length > maxShown) terminal.err(`  ... and ${vanished.length - maxShown} more\n`)
  if (!(await confirm(terminal, `Delete ${counted(vanished.length, 'record')}?`, job.yes))) return
  for (const { id, image_uri } of vanished) {
    await client.remove(id)
    onOutcome({ source: image_uri, outcome: 'removed', id, image_uri })
  }
}

/** Deletes the record of one file that has vanished, unless it was found elsewhere. */
export async function pruneFile(
  { client, job, onOutcome }: ImportDeps,
  source: FileSource,
): Promise<void> {
  const uri = job.scheme.uriOf(source)
  const id = recordId(uri)
  if (job.movedFiles.has(id)) return
  try {
    await client.remove(id)
    onOutcome({ source: source.path, outcome: 'removed', id, image_uri: uri })
  } catch (error) {
    // It was never in the library, or is no longer: just as it should be.
    if (error instanceof LookalikeApiError && error.problem.code === 'not_found') return
    onOutcome({ source: source.path, outcome: 'failed', reason: reasonOf(error) })
  }
}

/** Records whose file should lie in one of the folders and does not, nor was found elsewhere. */
async function findVanished(client: Client, job: ImportJob): Promise<ImageRecord[]> {
  const vanished: ImageRecord[] = []
  let cursor: string | null = null
  do {
    const page = await client.list({ limit: pageSize, ...(cursor ? { cursor } : {}) })
    for (const record of page.images) {
      if (!job.movedFiles.has(record.id) && (await isGone(record, job))) vanished.push(record)
    }
    cursor = page.next_cursor
  } while (cursor)
  return vanished
}

async function isGone(record: ImageRecord, { folders, scheme }: ImportJob): Promise<boolean> {
  for (const folder of folders) {
    const path = scheme.pathOf(record.image_uri, folder)
    if (path && isInside(folder, path)) return !(await exists(path))
  }
  return false
}
