import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LookalikeError } from '../errors.ts'

/** What older files lack, each bringing it from one version to the next, from 1 on. */
const migrations = ['CREATE TABLE jobs (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT']
const schemaVersion = 1 + migrations.length

/**
 * `remembered` is a cache whose entries `used` puts in order of their last use. Its value comes last and
 * the index holds the sizes, so that counting bytes reads no values. `calls` sums up what models were
 * asked, by UTC day. `jobs` holds how far long pieces of work are, as JSON.
 */
const schema = `
  CREATE TABLE remembered (
    key TEXT PRIMARY KEY, used INTEGER NOT NULL, bytes INTEGER NOT NULL, value BLOB NOT NULL
  ) STRICT;
  CREATE INDEX remembered_by_use ON remembered (used, bytes);
  CREATE TABLE calls (
    day TEXT NOT NULL, model TEXT NOT NULL,
    calls INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    ms REAL NOT NULL,
    estimated_usd REAL NOT NULL, unpriced_calls INTEGER NOT NULL,
    PRIMARY KEY (day, model)
  ) STRICT, WITHOUT ROWID;
`

/**
 * Opens `state.db`, making it when there is none. A commit survives the death of the process at once, and
 * the death of the machine up to the last checkpoint: what could be lost then is a few answers that were paid.
 *
 * @throws LookalikeError `store_unavailable` when the file is damaged or of a newer Lookalike
 */
export function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  let database: DatabaseSync | undefined
  try {
    // Not exclusive: servers over one Qdrant may share a folder, and so what each of them has paid for.
    database = new DatabaseSync(path, { timeout: 2000 })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE')
    const { user_version } = database.prepare('PRAGMA user_version').get() as {
      user_version: number
    }
    if (user_version > schemaVersion) {
      throw new LookalikeError(
        'store_unavailable',
        'state.db was made by a newer Lookalike: start that one, or give this one another DATA_DIR.',
      )
    }
    if (user_version === 0) database.exec(schema)
    for (const step of migrations.slice(Math.max(0, user_version - 1))) database.exec(step)
    if (user_version < schemaVersion) database.exec(`PRAGMA user_version = ${schemaVersion}`)
    database.exec('COMMIT')
    return database
  } catch (error) {
    database?.close()
    if (error instanceof LookalikeError) throw error
    throw new LookalikeError(
      'store_unavailable',
      `${path} cannot be used (${(error as Error).message}). Put a backup in its place, or delete it: ` +
        'no picture is lost then, but descriptions will be paid for again and past usage is forgotten.',
      { cause: error },
    )
  }
}

const sqliteFull = 13

/**
 * Runs a statement that writes.
 *
 * @throws LookalikeError `storage_full`
 */
export function write<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { errcode = 0 } = error as { errcode?: number }
    if ((errcode & 0xff) !== sqliteFull) throw error
    throw new LookalikeError(
      'storage_full',
      'The disk that holds DATA_DIR is full: free some space and try again. Nothing that was stored is lost.',
      { cause: error },
    )
  }
}
