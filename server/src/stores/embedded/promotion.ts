import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LookalikeError } from '../../errors.ts'
import { flushFile, flushFolder, renameDurably, writeDurably } from '../../sqlite/durable-files.ts'

/** The folder in DATA_DIR in which the library being made lies: a DATA_DIR of its own. */
export function nextFolder(dataDir: string): string {
  return join(dataDir, 'next')
}

/**
 * Puts `next/library.db` and its vectors in the place of those in use; both must be closed. From the
 * moment that its marker is on disk the switch will be finished, by this call or by the next start.
 *
 * @throws LookalikeError `store_unavailable` when one of the two was not closed in order
 */
export async function promote(dataDir: string): Promise<void> {
  for (const folder of [dataDir, nextFolder(dataDir)]) {
    // What is in a log would be lost with it, or end up in the wrong library.
    if (!existsSync(join(folder, 'library.db-wal'))) continue
    throw new LookalikeError('store_unavailable', 'A library is still open: restart Lookalike.')
  }
  await flushFile(join(nextFolder(dataDir), 'library.db'))
  await writeDurably(promotionMarker(dataDir), '')
  await finishPromotion(dataDir)
}

/** Does what is left to do of a switch whose marker is there; nothing without one. */
export async function finishPromotion(dataDir: string): Promise<void> {
  if (!existsSync(promotionMarker(dataDir))) return
  const next = nextFolder(dataDir)
  if (existsSync(join(next, 'library.db'))) {
    // A log or an index beside the wrong library is worse than none.
    for (const name of ['library.db-wal', 'library.db-shm', 'vectors']) {
      await remove(join(dataDir, name))
    }
    await renameDurably(join(next, 'library.db'), join(dataDir, 'library.db'))
  }
  if (existsSync(join(next, 'vectors'))) {
    await remove(join(dataDir, 'vectors'))
    await renameDurably(join(next, 'vectors'), join(dataDir, 'vectors'))
  }
  await remove(next)
  await flushFolder(dataDir)
  await remove(promotionMarker(dataDir))
  await flushFolder(dataDir)
}

export function promotionMarker(dataDir: string): string {
  return join(dataDir, 'next-is-complete')
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true })
}
