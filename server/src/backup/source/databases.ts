import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { graphFile } from '../../graph/embedded/truth.ts'
import { copiesFile } from '../../library/copies/known-copies.ts'
import type { DatabaseFile } from '../../sqlite/database-file.ts'
import { explainSqliteError } from '../../sqlite/errors.ts'
import { openDatabase } from '../../sqlite/open.ts'
import { stateFile } from '../../state/state-file.ts'
import { libraryFile } from '../../stores/embedded/truth/library-file.ts'
import { Truth } from '../../stores/embedded/truth/truth.ts'
import { askForCopy, type ServerAddress } from '../../data-dir/running-server.ts'

/** All in one step: another process that writes in between would begin it anew. */
const allPages = 1_000_000_000

export interface DatabaseCopy {
  readonly path: string
  remove(): Promise<void>
}

export interface DatabaseSource {
  readonly dataDir: string
  /** Null while no server uses the library. */
  readonly server: ServerAddress | null
  /** Where a copy may lie. */
  readonly staged: () => string
}

/** A copy of `library.db` as it is at one moment. */
export function copyRecords(source: DatabaseSource): Promise<DatabaseCopy> {
  return source.server ? ask(source, source.server, 'records') : copy(source, libraryFile)
}

/** The others that a backup holds, those that there are, by their names. */
export async function* copyOthers(
  source: DatabaseSource,
  hasGraph: boolean,
): AsyncGenerator<[string, DatabaseCopy]> {
  const { dataDir, server } = source
  const isThere = ({ name }: DatabaseFile) => existsSync(join(dataDir, name))
  if (hasGraph && isThere(graphFile)) {
    yield [graphFile.name, await (server ? ask(source, server, 'graph') : copy(source, graphFile))]
  }
  for (const file of [stateFile, copiesFile]) {
    if (isThere(file)) yield [file.name, await copy(source, file)]
  }
}

async function ask({ dataDir }: DatabaseSource, server: ServerAddress, of: 'records' | 'graph') {
  const { path } = await askForCopy(server, dataDir, of)
  return { path, remove: () => rm(path, { force: true }) }
}

async function copy(
  { dataDir, staged }: DatabaseSource,
  file: DatabaseFile,
): Promise<DatabaseCopy> {
  const path = staged()
  let database: DatabaseSync | undefined
  try {
    // Of whatever version it is: a backup brings nothing up to date.
    database = new DatabaseSync(join(dataDir, file.name), { timeout: 2000 })
    if (file.exclusive) database.exec('PRAGMA locking_mode = EXCLUSIVE')
    await backup(database, path, { rate: allPages })
  } catch (error) {
    await rm(path, { force: true })
    throw explainSqliteError(error, file)
  } finally {
    database?.close()
  }
  return { path, remove: () => rm(path, { force: true }) }
}

/** Takes the records of those content hashes out of a copy, which is brought up to date for that. */
export function leaveOut(path: string, hashes: readonly string[]): void {
  const database = openDatabase(dirname(path), { ...libraryFile, name: basename(path) })
  try {
    const truth = new Truth(database)
    const records = truth.records.findByContentHash([...hashes])
    truth.write(() => records.forEach(({ id }) => truth.delete(id)))
  } finally {
    database.close()
  }
}
