import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LookalikeError } from '../errors.ts'
import type { DatabaseFile } from './database-file.ts'
import { explainSqliteError } from './errors.ts'

/** How long a call waits for another process to let go of the file. */
const busyMs = 2000

/**
 * Opens the file in `folder`, making both when they are missing and the file current when it is older.
 * A file that cannot be used is left as it is.
 *
 * @throws LookalikeError `store_unavailable` when the file is in use, damaged, somebody else's or of a
 *   newer Lookalike; `storage_full`
 */
export function openDatabase(folder: string, file: DatabaseFile): DatabaseSync {
  mkdirSync(folder, { recursive: true })
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(join(folder, file.name), { timeout: busyMs })
    // Before the journal mode: an exclusive log needs no shared memory beside it.
    if (file.exclusive) database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${file.synchronous}`)
    while (migrate(database, file));
    return database
  } catch (error) {
    database?.close()
    throw explainSqliteError(error, file)
  }
}

/** Reads from a file that must exist and may be anyone's; null when `read` fails or the file is in use. */
export function peekDatabase<T>(path: string, read: (database: DatabaseSync) => T): T | null {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 100 })
    return read(database)
  } catch {
    return null
  } finally {
    database?.close()
  }
}

/** Runs `work` in one transaction: all of it is durable, or none of it happened. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** One step towards the current version; false when there is nothing to do. */
function migrate(database: DatabaseSync, { name, migrations }: DatabaseFile): boolean {
  // The version is read inside: another process may be bringing a shared file up to date as well.
  return transaction(database, () => {
    const version = readVersion(database)
    if (version > migrations.length) {
      throw new LookalikeError(
        'store_unavailable',
        `${name} was made by a newer Lookalike: start that one, or give this one another DATA_DIR.`,
      )
    }
    if (version === 0 && !isEmpty(database)) {
      throw new LookalikeError(
        'store_unavailable',
        `${name} belongs to another program, and Lookalike leaves it as it is: give Lookalike a DATA_DIR of its own.`,
      )
    }
    const migration = migrations[version]
    if (migration === undefined) return false
    if (typeof migration === 'string') database.exec(migration)
    else migration(database)
    database.exec(`PRAGMA user_version = ${version + 1}`)
    return true
  })
}

function readVersion(database: DatabaseSync): number {
  return database.prepare('PRAGMA user_version').get()!['user_version'] as number
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
}
