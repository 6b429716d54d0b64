import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../setting-types.ts'

/** There while a backup is being restored into the folder; says which. */
export const restoringName = 'restoring'

/**
 * Makes the folder for everything that is kept, and sees that it can be used.
 *
 * @throws ConfigError that says what is the matter with it
 */
export function prepareDataDir(folder: string): void {
  let path = folder
  try {
    mkdirSync(folder, { recursive: true })
    const { W_OK, R_OK, X_OK } = constants
    accessSync(folder, R_OK | W_OK | X_OK)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      // `lost+found` of a volume of its own belongs to the system.
      if (entry.name === 'lost+found') continue
      path = join(folder, entry.name)
      accessSync(path, entry.isDirectory() ? R_OK | W_OK | X_OK : R_OK | W_OK)
    }
  } catch (error) {
    throw new ConfigError(explainFolder(error, path))
  }
  if (existsSync(join(folder, restoringName))) {
    throw new ConfigError(
      `DATA_DIR: a backup is being restored into ${folder}, or that was interrupted: run \`lookalike restore\` again.`,
    )
  }
}

/** What an error of the file system means for a file or folder in DATA_DIR. */
export function explainFolder(error: unknown, path: string): string {
  const { code } = error as NodeJS.ErrnoException
  return `DATA_DIR: ${path} ${meanings[code ?? ''] ?? `cannot be used (${code})`}.`
}

const notAllowed =
  'is not writable for the user that runs Lookalike: give that user permission, or choose another DATA_DIR'
const notFolder =
  'cannot be made or used as a folder, for a file is in its place: move the file away, or choose another DATA_DIR'
const full = 'lies on a disk that is full: free some space'

const meanings: Record<string, string> = {
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: 'lies on a disk that is read-only: make it writable, or choose another DATA_DIR',
  EEXIST: notFolder,
  ENOTDIR: notFolder,
  EISDIR: 'is a folder where a file should be: move it away',
  ENOENT: 'cannot be made: the folder above it leads nowhere',
  ENOSPC: full,
  EDQUOT: full,
  EIO: 'cannot be read: look into the log of the system, the disk is failing',
  ENAMETOOLONG: 'is too long a path: choose a shorter one',
  ELOOP: 'is a symbolic link that leads to itself: mend the link',
  EMFILE: 'cannot be opened: too many files are open; raise the limit of the system (ulimit -n)',
  ENFILE: 'cannot be opened: too many files are open; raise the limit of the system',
}
