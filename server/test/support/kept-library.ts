import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { databaseFiles } from '../../src/doctor/checks/databases.ts'
import { openDatabase } from '../../src/sqlite/open.ts'

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

/** Brings its databases to the versions of today, as a start would. */
export function bringUpToDate(folder: string): void {
  for (const file of databaseFiles) openDatabase(folder, file).close()
}

/** Asks or changes a database of a library that nobody has open. */
export function sql(folder: string, name: string, text: string, ...params: SQLInputValue[]) {
  const database = new DatabaseSync(join(folder, name))
  try {
    return database.prepare(text).all(...params)
  } finally {
    database.close()
  }
}
