import type { Readable } from 'node:stream'

/**
 * `original`: the bytes as they arrived, or without their metadata. `thumbnail`: WebP made from them; with a number, a larger one that can be
 * made again.
 */
export const fileKinds = ['original', 'thumbnail', 'thumbnail-768', 'thumbnail-1536', 'thumbnail-2560'] as const // prettier-ignore
export type FileKind = (typeof fileKinds)[number]

/** Positions of the first and the last byte. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Keeps files by content hash (SHA-256 of the original, lower-case hex); equal bytes are kept once. */
export interface FileStore {
  /**
   * Resolved means durable. `source` is a path, whose file is moved away or copied, or the bytes.
   *
   * @throws LookalikeError `storage_full`, `files_unavailable`
   */
  put(kind: FileKind, sha256: string, source: string | Uint8Array): Promise<void>
  /**
   * `bytes` is the length of what the stream gives. Null when there is no such file.
   *
   * @param range only these bytes, which must be within the file
   * @throws LookalikeError `files_unavailable`
   */
  read(
    kind: FileKind,
    sha256: string,
    range?: ByteRange,
  ): Promise<{ stream: Readable; bytes: number } | null>
  /**
   * Its length in bytes; null when there is no such file.
   *
   * @throws LookalikeError `files_unavailable`
   */
  size(kind: FileKind, sha256: string): Promise<number | null>
  /** Whether there is any original; absent where looking is not ours to do. */
  holdsAny?(): Promise<boolean>
  /** Removes all kinds; a file that is not there is no error. */
  delete(sha256: string): Promise<void>
  /** Whether files can be read and written now; never throws. */
  health(): Promise<FilesHealth>
}

export interface FilesHealth {
  readonly status: 'ok' | 'unavailable'
  /** For a reader without access to the server: no paths, no keys. */
  readonly detail: string
}

/**
 * Where a file lies below the root of whatever keeps it. The same everywhere, so that a folder copied
 * into a bucket (or back) is a move. Fanned out by the first two hex digits: no folder grows huge.
 */
export function filePath(kind: FileKind, sha256: string): string {
  const [name, edge] = kind.split('-')
  return `${name}s${edge ? `-${edge}` : ''}/${sha256.slice(0, 2)}/${sha256}`
}
