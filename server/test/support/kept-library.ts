import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { databaseFiles } from '../../src/doctor/checks/databases.ts'
import { openDatabase, peekDatabase } from '../../src/sqlite/open.ts'
import { Statements } from '../../src/sqlite/statements.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/store.ts'
import { libraryFile, readMadeBy } from '../../src/stores/embedded/truth/library-file.ts'
import { StoredVectors } from '../../src/stores/embedded/truth/stored-vectors.ts'
import { untilIdle } from './stores.ts'

const archives = join(import.meta.dirname, '../starting')

/** A whole DATA_DIR, as `make-library.ts` made it: six pictures, the last two of which are one. */
export const newestArchive = join(archives, 'made-by-0.1.0-5d5ef99.tgz')
/** The same of an older one: five pictures. */
export const olderArchive = join(archives, 'made-by-0.1.0-841d097.tgz')

/** What is in an archive, in a folder of its own. */
export async function unpacked(archive: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  execFileSync('tar', ['-xzf', archive, '-C', folder])
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Brings its databases and its index to the versions of today, as a start would. */
export async function bringUpToDate(folder: string): Promise<void> {
  for (const file of databaseFiles) openDatabase(folder, file).close()
  const library = peekDatabase(join(folder, libraryFile.name), readMadeBy)!
  const store = await openEmbeddedStore(folder, library)
  await untilIdle(store)
  await store.close()
}

/** Reads or changes the vectors of a library that nobody has open. */
export function changeVectors<T>(folder: string, change: (vectors: StoredVectors) => T): T {
  const database = new DatabaseSync(join(folder, libraryFile.name))
  try {
    return change(new StoredVectors(new Statements(database)))
  } finally {
    database.close()
  }
}

export const rowOf = (folder: string, sha256: string) =>
  sql(folder, libraryFile.name, 'SELECT row FROM images WHERE sha256 = ?', sha256)[0]![
    'row'
  ] as number

/** Asks or changes a database of a library that nobody has open. */
export function sql(folder: string, name: string, text: string, ...params: SQLInputValue[]) {
  const database = new DatabaseSync(join(folder, name))
  try {
    return database.prepare(text).all(...params)
  } finally {
    database.close()
  }
}
