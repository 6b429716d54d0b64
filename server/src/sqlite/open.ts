import { mkdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LookalikeError } from '../errors.ts'

const schemaVersion = 1

/**
 * Opens a SQLite file that holds a truth, making it with `schema` when there is none. Every commit is
 * synced to disk before it returns, and no second process may open the file meanwhile.
 *
 * @throws LookalikeError `store_unavailable` when the file is in use, damaged or of a newer Lookalike
 */
export function openSqlite(path: string, schema: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  let database: DatabaseSync | undefined
  try {
    const opened = (database = new DatabaseSync(path, { timeout: 1000 }))
    opened.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;',
    )
    transaction(opened, () => prepare(opened, path, schema))
    return opened
  } catch (error) {
    database?.close()
    throw explainSqliteError(error, basename(path))
  }
}

function prepare(database: DatabaseSync, path: string, schema: string): void {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (user_version > schemaVersion) {
    throw new LookalikeError(
      'store_unavailable',
      `${basename(path)} was made by a newer Lookalike: start that one, or give this one another DATA_DIR.`,
    )
  }
  if (user_version === 0) database.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`)
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

const sqliteFull = 13
const sqliteBusy = 5
const sqliteCorrupt = [11, 26]

/** Says what an error of SQLite means for the person who runs the server; `file` is in DATA_DIR. */
export function explainSqliteError(error: unknown, file = 'library.db'): unknown {
  const code = (error as { errcode?: number }).errcode
  if (code === undefined) return error
  const primary = code & 0xff
  if (primary === sqliteFull) {
    return new LookalikeError(
      'storage_full',
      'The disk that holds DATA_DIR is full: free some space and try again. Nothing that was stored is lost.',
      { cause: error },
    )
  }
  if (primary === sqliteBusy) {
    return new LookalikeError(
      'store_unavailable',
      'Another Lookalike is using this DATA_DIR: stop it, or give this one a DATA_DIR of its own.' +
        (file.startsWith('graph') ? ' Servers without a graph (GRAPH=none) may share one.' : ''),
      { cause: error },
    )
  }
  if (sqliteCorrupt.includes(primary)) {
    return new LookalikeError(
      'store_unavailable',
      `${file} is damaged, and Lookalike leaves it as it is. Put a backup in its place, ` +
        `or save what can be saved with \`sqlite3 ${file} .recover\`.`,
      { cause: error },
    )
  }
  return error
}
