import { DatabaseSync } from 'node:sqlite'
import { readMadeBy } from '../../stores/embedded/truth/library-file.ts'
import type { Library } from '../../stores/image-store.ts'

/** A file that records name: its content hash, and its length as they say it. */
export interface NamedFile {
  readonly sha256: string
  readonly bytes: number
}

export interface NamedFiles {
  readonly library: Library | null
  readonly images: number
  readonly files: NamedFile[]
}

/** What a copy of `library.db`, of whatever version, says of its files; those that are awaited are left out. */
export function namedFiles(path: string): NamedFiles {
  const database = new DatabaseSync(path)
  try {
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all('images')
    const isAwaited = columns.some(({ name }) => name === 'missing') ? 'AND missing IS NULL' : ''
    const files = database.prepare(
      `SELECT sha256, max(bytes) AS bytes FROM images WHERE sha256 IS NOT NULL ${isAwaited} GROUP BY sha256`,
    )
    return {
      library: readMadeBy(database),
      images: database.prepare('SELECT count(*) AS n FROM images').get()!['n'] as number,
      files: files.all() as unknown as NamedFile[],
    }
  } finally {
    database.close()
  }
}
