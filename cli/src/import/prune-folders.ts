import { CommandError } from '../failure.ts'
import type { Session } from '../session.ts'
import { confirm } from '../terminal/confirm.ts'
import { counted, oneLine } from '../terminal/format.ts'
import { findVanished } from './prune.ts'
import type { Outcome } from './report.ts'
import type { ImportJob } from './run-import.ts'
import { isInside } from './sources.ts'

const shown = 20

/** Deletes the records whose file has vanished from the folders, after showing which. */
export async function pruneFolders(
  { client, terminal }: Session,
  { sources, folders, scheme, moves, yes }: ImportJob,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const vanished = await findVanished(client, folders, scheme, moves)
  if (vanished.length === 0) return
  for (const folder of folders) {
    // A disk that is not mounted looks like a folder from which everything has vanished.
    if (sources.some((source) => 'path' in source && isInside(folder, source.path))) continue
    throw new CommandError(
      `Nothing was deleted: ${folder} holds no pictures at all. If that is meant, use lookalike delete.`,
    )
  }
  terminal.err('These have vanished from the folder:\n')
  for (const { image_uri } of vanished.slice(0, shown)) terminal.err(`  ${oneLine(image_uri)}\n`)
  if (vanished.length > shown) terminal.err(`  ... and ${vanished.length - shown} more\n`)
  if (!(await confirm(terminal, `Delete ${counted(vanished.length, 'record')}?`, yes))) return
  for (const { id, image_uri } of vanished) {
    await client.remove(id)
    onOutcome({ source: image_uri, outcome: 'removed', id, image_uri })
  }
}
