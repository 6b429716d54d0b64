import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const folderName = 'servers'
const suffix = '.lock'

/** One server among those that share a DATA_DIR. */
export interface Presence {
  /** Begins the name of each temporary file that is this server's. */
  readonly prefix: string
  /** A name of this server. */
  readonly id: string
  /** Names of all that run, this one among them. */
  running(): ReadonlySet<string>
  /** Deletes the files in a folder that no running server has begun; folders are left alone. */
  sweep(folder: string): void
  /** Whether another server runs over the folder. */
  hasOthers(): boolean
  close(): void
}

/**
 * Makes this server known to the others. Whether another still runs is asked of a lock that the system
 * takes from its process when that ends, however it ends: SQLite has one that works alike on every system.
 *
 * @param dataDir gets `servers/`
 */
export function openPresence(dataDir: string): Presence {
  const folder = join(dataDir, folderName)
  mkdirSync(folder, { recursive: true })
  const id = randomBytes(8).toString('hex')
  const path = join(folder, id + suffix)
  const lock = holdLock(path)!

  /** This one among them. */
  function running(): Set<string> {
    const found = new Set([id])
    for (const name of readdirSync(folder)) {
      const other = name.slice(0, -suffix.length)
      if (!name.endsWith(suffix) || other === id) continue
      const free = holdLock(join(folder, name))
      if (!free) found.add(other)
      else {
        free.close()
        rmSync(join(folder, name), { force: true })
      }
    }
    return found
  }

  return {
    prefix: `${id}-`,
    id,
    running,
    sweep(swept) {
      // Listed before the servers are: a file that one began has its lock beside it by then.
      const files = readdirSync(swept, { withFileTypes: true }).filter((one) => !one.isDirectory())
      if (files.length === 0) return
      const alive = running()
      for (const { name } of files) {
        if (!alive.has(name.split('-', 1)[0]!)) rmSync(join(swept, name), { force: true })
      }
    },
    hasOthers: () => running().size > 1,
    close() {
      if (lock.isOpen) lock.close()
      rmSync(path, { force: true })
    },
  }
}

/**
 * Holds a file until it is closed, or its process ends; null when another process does. An empty file is never written
 * to, so a full disk does not matter.
 */
export function holdLock(path: string): DatabaseSync | null {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch {
    database.close()
    return null
  }
}
