import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { peekDatabase } from '../../sqlite/open.ts'
import { pagesOf } from '../../stores/pages.ts'
import { correctFiles } from '../../stores/embedded/checking/file-facts.ts'
import { libraryFile, openLibrary, readMadeBy } from '../../stores/embedded/truth/library-file.ts'
import { Truth } from '../../stores/embedded/truth/truth.ts'
import type { Holdings } from './holdings.ts'

const pageSize = 500

export interface EmbeddedHoldings extends Holdings {
  readonly database: DatabaseSync
  close(): void
}

/** Null where no `library.db` is, or none that says whose it is. */
export function openEmbeddedHoldings(dataDir: string): EmbeddedHoldings | null {
  const path = join(dataDir, libraryFile.name)
  const library = existsSync(path) ? peekDatabase(path, readMadeBy) : null
  if (!library) return null
  const database = openLibrary(dataDir, library)
  const truth = new Truth(database)
  const { records } = truth
  return {
    library,
    database,
    async *pages() {
      for await (const page of pagesOf(truth.pages, { limit: pageSize })) {
        yield page.records
      }
    },
    findByContentHash: async (hashes) => records.findByContentHash(hashes),
    correctFiles: async (corrections) => correctFiles(database, corrections),
    put: async (given) => truth.write(() => given.forEach((record) => truth.put(record))),
    close: () => database.close(),
  }
}
