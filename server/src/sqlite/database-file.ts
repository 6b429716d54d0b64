import type { DatabaseSync } from 'node:sqlite'

/** SQL, or work on a database, that brings it from one version to the next. */
export type Migration = string | ((database: DatabaseSync) => void)

/** A SQLite file in DATA_DIR, as its owner describes it. */
export interface DatabaseFile {
  readonly name: string
  /**
   * What makes version 1 of an empty file, version 2 of version 1, and so on. Ordered for ever: files that
   * people have are at any of these versions.
   */
  readonly migrations: readonly Migration[]
  /** No second process may open the file meanwhile. */
  readonly exclusive: boolean
  /**
   * `FULL`: a commit is synced to disk before it returns. `NORMAL`: it survives the death of the process
   * at once, and a power cut only from the next checkpoint on.
   */
  readonly synchronous: 'FULL' | 'NORMAL'
  /** What to do about a file that is damaged, after "Put a backup in its place, or". */
  readonly ifDamaged?: string
  /** What else helps when another process has an exclusive file open: a sentence. */
  readonly ifInUse?: string
}
