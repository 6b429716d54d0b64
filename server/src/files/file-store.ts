import type { Readable } from 'node:stream'

/** `original`: the bytes as they arrived. `thumbnail`: WebP made from them. */
export type FileKind = 'original' | 'thumbnail'

/** Keeps files by content hash (SHA-256 of the original, lower-case hex); equal bytes are kept once. */
export interface FileStore {
  /**
   * Resolved means durable. `source` is a path, whose file is moved away or copied, or the bytes.
   *
   * @throws LookalikeError `storage_full`
   */
  put(kind: FileKind, sha256: string, source: string | Uint8Array): Promise<void>
  /** Null when there is no such file. */
  read(kind: FileKind, sha256: string): Promise<{ stream: Readable; bytes: number } | null>
  /** Removes both kinds; a file that is not there is no error. */
  delete(sha256: string): Promise<void>
}
