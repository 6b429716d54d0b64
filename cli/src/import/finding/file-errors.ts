const reasons: Record<string, string> = {
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ENOENT: 'it is not there, or no longer',
  ENOTDIR: 'it is not there, or no longer',
  ELOOP: 'it leads in a circle',
  ENAMETOOLONG: 'its name is too long',
  EISDIR: 'it is a folder',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ESTALE: 'the network share has lost it',
}

/** Why a file or folder cannot be read, in words. */
export function reasonOfFile(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? message
}

/** The same as an error of its own, for what the system would say in a code. */
export function explained(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  return code && reasons[code] ? new Error(`The file cannot be read: ${reasons[code]}.`, { cause: error }) : error // prettier-ignore
}
