import { LookalikeError, storageFull } from '../errors.ts'
import type { DatabaseFile } from './database-file.ts'

type Explained = Pick<DatabaseFile, 'name' | 'ifDamaged' | 'ifInUse'>

const inUse = ({ ifInUse }: Explained) =>
  'Another Lookalike is using this DATA_DIR: stop it, or give this one a DATA_DIR of its own.' +
  (ifInUse === undefined ? '' : ` ${ifInUse}`)

const damaged = ({ name, ifDamaged }: Explained) =>
  `${name} is damaged, and Lookalike leaves it as it is. Put a backup in its place, or ` +
  (ifDamaged ?? `save what can be saved with \`sqlite3 ${name} .recover\`.`)

const notAllowed = ({ name }: Explained) =>
  `${name} cannot be opened for writing: let the user that runs Lookalike write DATA_DIR and all that is in it.`

const failing = ({ name }: Explained) =>
  `The disk failed to read or write ${name}. Look into the log of the system, and see that DATA_DIR lies on a ` +
  'sound disk, not one that was taken away.'

/** SQLite's primary result codes (sqlite.org/rescode.html) that mean something to who runs the server. */
const meanings: Record<number, (file: Explained) => string> = {
  3: notAllowed, // SQLITE_PERM
  5: inUse, // SQLITE_BUSY
  8: notAllowed, // SQLITE_READONLY
  10: failing, // SQLITE_IOERR
  11: damaged, // SQLITE_CORRUPT
  14: notAllowed, // SQLITE_CANTOPEN
  26: damaged, // SQLITE_NOTADB
}
/** SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: no room for what processes share beside a log. */
const full = [13, 4874]

/** Says what an error of SQLite means for the person who runs the server; other errors stay as they are. */
export function explainSqliteError(error: unknown, file: Explained): unknown {
  const { errcode } = error as { errcode?: number }
  if (errcode === undefined) return error
  // The low byte of an extended code is its primary code.
  const primary = errcode & 0xff
  if (full.includes(primary) || full.includes(errcode)) return storageFull(error)
  const meaning = meanings[primary]
  return meaning ? new LookalikeError('store_unavailable', meaning(file), { cause: error }) : error
}

/** The same of what the system says when the file could not be opened or brought to disk. */
export function explainSyncError(error: unknown, file: Explained): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return storageFull(error)
  return new LookalikeError('store_unavailable', failing(file), { cause: error })
}

/** Does `work` on the database of `file`, and explains what SQLite says when it fails. */
export function explained<T>(file: Explained, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw explainSqliteError(error, file)
  }
}
