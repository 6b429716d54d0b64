import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { LookalikeError } from '../../errors.ts'

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
export function promote(dataDir: string): void {
  for (const folder of [dataDir, nextFolder(dataDir)]) {
    // What is in a log would be lost with it, or end up in the wrong library.
    if (!existsSync(join(folder, 'library.db-wal'))) continue
    throw new LookalikeError('store_unavailable', 'A library is still open: restart Lookalike.')
  }
  sync(join(nextFolder(dataDir), 'library.db'))
  writeFileSync(markerOf(dataDir), '', { flush: true })
  sync(dataDir)
  finishPromotion(dataDir)
}

/** Does what is left to do of a switch whose marker is there; nothing without one. */
export function finishPromotion(dataDir: string): void {
  if (!existsSync(markerOf(dataDir))) return
  const next = nextFolder(dataDir)
  if (existsSync(join(next, 'library.db'))) {
    // A log or an index beside the wrong library is worse than none.
    for (const name of ['library.db-wal', 'library.db-shm', 'vectors']) remove(join(dataDir, name))
    renameSync(join(next, 'library.db'), join(dataDir, 'library.db'))
    sync(dataDir)
  }
  if (existsSync(join(next, 'vectors'))) {
    remove(join(dataDir, 'vectors'))
    renameSync(join(next, 'vectors'), join(dataDir, 'vectors'))
  }
  remove(next)
  sync(dataDir)
  remove(markerOf(dataDir))
  sync(dataDir)
}

function markerOf(dataDir: string): string {
  return join(dataDir, 'next-is-complete')
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

/** Brings a file, or the names in a folder, to disk. */
function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
