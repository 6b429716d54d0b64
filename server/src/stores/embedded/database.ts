import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LookalikeError } from '../../errors.ts'
import { explainSqliteError, transaction } from '../../sqlite/open.ts'
import type { Library } from '../image-store.ts'
import { embedderMismatch } from '../mismatch.ts'

/** What older libraries lack, each bringing it from one version to the next, from 1 on. */
const migrations = [
  'ALTER TABLE images ADD COLUMN missing INTEGER',
  'ALTER TABLE images ADD COLUMN phash TEXT',
  'ALTER TABLE images ADD COLUMN described_by TEXT',
]
const schemaVersion = 1 + migrations.length

/**
 * `row` orders the library by arrival; `version` is the sequence number of the last change of the
 * vector, by which the vector index is compared with this truth. Vectors lie apart so that walking
 * records does not page through them. `facts` holds every filterable value of the metadata.
 */
const schema = `
  CREATE TABLE library (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
  CREATE TABLE images (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    image_uri TEXT NOT NULL,
    description TEXT NOT NULL,
    metadata TEXT NOT NULL,
    sha256 TEXT, format TEXT, width INTEGER, height INTEGER, bytes INTEGER,
    missing INTEGER,
    phash TEXT,
    embedder TEXT,
    described_by TEXT,
    indexed_at TEXT,
    version INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX images_by_sha256 ON images (sha256) WHERE sha256 IS NOT NULL;
  CREATE TABLE vectors (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT;
  CREATE TABLE facts (
    key TEXT NOT NULL, kind TEXT NOT NULL, value ANY NOT NULL, row INTEGER NOT NULL,
    PRIMARY KEY (key, kind, value, row)
  ) STRICT, WITHOUT ROWID;
`

/**
 * Opens the file that holds the truth, making it when there is none. Every commit is synced to disk
 * before it returns, and no second process may open the file meanwhile.
 *
 * @throws LookalikeError `embedder_mismatch`, or `store_unavailable` when the file is in use or damaged
 */
export function openDatabase(path: string, library: Library): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 1000 })
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -16384;
    `)
    transaction(database, () => prepareLibrary(database!, library))
    return database
  } catch (error) {
    database?.close()
    throw explainSqliteError(error, 'library.db')
  }
}

function prepareLibrary(database: DatabaseSync, library: Library): void {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (user_version > schemaVersion) {
    throw new LookalikeError(
      'store_unavailable',
      'This library was made by a newer Lookalike: start that one, or give this one another DATA_DIR.',
    )
  }
  if (user_version === 0) {
    database.exec(schema)
    database.exec(`PRAGMA user_version = ${schemaVersion}`)
    const put = database.prepare('INSERT INTO library VALUES (?, ?)')
    put.run('embedder', library.embedderId)
    put.run('dimensions', library.dimensions)
    return
  }
  for (const step of migrations.slice(user_version - 1)) database.exec(step)
  database.exec(`PRAGMA user_version = ${schemaVersion}`)
  const kept = Object.fromEntries(
    database
      .prepare('SELECT key, value FROM library')
      .all()
      .map(({ key, value }) => [key, value]),
  )
  if (kept['embedder'] !== library.embedderId || kept['dimensions'] !== library.dimensions) {
    throw embedderMismatch(
      String(kept['embedder']),
      library.embedderId,
      'give this one another DATA_DIR',
    )
  }
}
