import type { DatabaseSync } from 'node:sqlite'
import type { DatabaseFile, Migration } from '../../../sqlite/database-file.ts'
import { openDatabase, transaction } from '../../../sqlite/open.ts'
import { explained } from '../../../sqlite/errors.ts'
import type { Library } from '../../image-store.ts'
import { embedderMismatch } from '../../mismatch.ts'
import { columnsSince, columnsVersion } from './columns.ts'
import { indexWords, mergeNoWordsBeside, mergeWordsInSteps } from './stored-words.ts'

/**
 * `row` orders the library by arrival; `version` is the sequence number of the last change of the
 * vector, by which the vector index is compared with this truth. Vectors lie apart (since version 9 in
 * `vector_blocks`) so that walking records does not page through them. `facts` holds every filterable value of the metadata.
 */
const firstVersion = `
  CREATE TABLE library (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
  CREATE TABLE images (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    ${columnsSince(1).join(', ')},
    version INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX images_by_sha256 ON images (sha256) WHERE sha256 IS NOT NULL;
  CREATE TABLE vectors (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT;
  CREATE TABLE facts (
    key TEXT NOT NULL, kind TEXT NOT NULL, value ANY NOT NULL, row INTEGER NOT NULL,
    PRIMARY KEY (key, kind, value, row)
  ) STRICT, WITHOUT ROWID;
`

/** What a version brings beside columns. */
const repairs: { readonly [version: number]: Migration } = {
  // Numbers past the range of doubles were facts, though the metadata kept null: nothing removed them.
  5: `
    DELETE FROM facts WHERE kind = 'number' AND value IN (9e999, -9e999);
    DELETE FROM facts WHERE row NOT IN (SELECT row FROM images);
  `,
  8: indexWords,
  9: (database) => {
    database.exec(
      'CREATE TABLE vector_blocks (block INTEGER PRIMARY KEY, vectors BLOB NOT NULL) STRICT',
    )
    // What lies there is moved while the library is in use: of a million it takes minutes.
    const isEmpty = !database.prepare('SELECT 1 FROM vectors LIMIT 1').get()
    if (isEmpty) database.exec('DROP TABLE vectors')
  },
  // Counting and comparing all records reads some 12 bytes of each, and not the records.
  10: 'CREATE INDEX images_by_version ON images (version)',
  11: mergeWordsInSteps,
  12: mergeNoWordsBeside,
}

const lastVersion = Math.max(columnsVersion, ...Object.keys(repairs).map(Number))

const laterVersions = Array.from({ length: lastVersion - 1 }, (_, index) => {
  const version = index + 2
  const columns = columnsSince(version).map((column) => `ALTER TABLE images ADD COLUMN ${column};`)
  const repair = repairs[version] ?? ''
  if (typeof repair === 'string') return [...columns, repair].join('\n')
  return (database: DatabaseSync) => {
    database.exec(columns.join('\n'))
    repair(database)
  }
})

export const libraryFile: DatabaseFile = {
  name: 'library.db',
  migrations: [firstVersion, ...laterVersions],
  exclusive: true,
  synchronous: 'FULL',
}

/**
 * Opens the file that holds the truth, making it when there is none.
 *
 * @param folder gets `library.db`
 * @throws LookalikeError `embedder_mismatch`, or what `openDatabase` throws
 */
export function openLibrary(folder: string, library: Library): DatabaseSync {
  const database = openDatabase(folder, libraryFile)
  try {
    database.exec('PRAGMA cache_size = -16384')
    explained(libraryFile, () => transaction(database, () => assertMadeBy(database, library)))
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** What the file says of the library in it; null where nothing was said yet. */
export function readMadeBy(database: DatabaseSync): Library | null {
  const rows = database.prepare('SELECT key, value FROM library').all()
  const noted = new Map(rows.map(({ key, value }) => [key, value]))
  const embedderId = noted.get('embedder')
  if (embedderId === undefined) return null
  return { embedderId: String(embedderId), dimensions: Number(noted.get('dimensions')) }
}

/** The first library that a file is opened for is its own. */
function assertMadeBy(database: DatabaseSync, library: Library): void {
  const madeBy = readMadeBy(database)
  if (madeBy === null) {
    const put = database.prepare('INSERT INTO library VALUES (?, ?)')
    put.run('embedder', library.embedderId)
    put.run('dimensions', library.dimensions)
  } else if (madeBy.embedderId !== library.embedderId || madeBy.dimensions !== library.dimensions) {
    throw embedderMismatch(madeBy.embedderId, library.embedderId, 'give this one another DATA_DIR')
  }
}
