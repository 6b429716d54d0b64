import type { FileFacts, ImageRecord, VectorRecord } from '../../records/record.ts'
import type { Library } from '../../stores/image-store.ts'

export type CorrectedFile = Pick<FileFacts, 'bytes' | 'missing'>

/** The records of a library, whichever store keeps them, as a doctor reads and mends them. */
export interface Holdings {
  readonly library: Library
  /** Every record once. */
  pages(): AsyncIterable<ImageRecord[]>
  findByContentHash(sha256: string[]): Promise<ImageRecord[]>
  /** Says of files, by content hash, how they are. */
  correctFiles(corrections: ReadonlyMap<string, CorrectedFile>): Promise<void>
  /** Replaces records, vectors included. */
  put(records: VectorRecord[]): Promise<void>
}
