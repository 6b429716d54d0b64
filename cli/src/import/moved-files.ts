import { stat } from 'node:fs/promises'
import type { ImageRecord } from '@lookalike/sdk'
import type { UriScheme } from './image-uri.ts'
import type { FileSource } from './finding/sources.ts'

/**
 * Recognises files that were moved or renamed: the library has their bytes under the URI of a file
 * that is gone. Such a record is kept as it is, URI and metadata included, instead of being replaced.
 */
export interface MovedFiles {
  /** The record that this file has moved away from, among those with its bytes. */
  find(
    source: FileSource,
    records: ImageRecord[],
    scheme: UriScheme,
  ): Promise<ImageRecord | undefined>
  /** Whether a record's file was found elsewhere, so that it has not vanished. */
  has(id: string): boolean
}

export function createMovedFiles(): MovedFiles {
  // Of two copies of a vanished file only one can be the moved one; the other is a picture of its own.
  const movedTo = new Map<string, string>()
  return {
    async find(source, records, scheme) {
      for (const record of records) {
        const path = scheme.pathOf(record.image_uri, source.root)
        if (!path || (await exists(path))) continue
        const claimed = movedTo.get(record.id) ?? source.path
        movedTo.set(record.id, claimed)
        if (claimed === source.path) return record
      }
      return undefined
    },
    has: (id) => movedTo.has(id),
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  )
}
