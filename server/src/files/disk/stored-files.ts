import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileKinds, filePath, type FileKind } from '../file-store.ts'

/** A file below the root of the files on a disk. */
export interface StoredFile {
  readonly path: string
  readonly kind: FileKind
  /** Null for a file that is where no file of ours would be. */
  readonly sha256: string | null
}

/** Every file there is, those that were copied there by hand included; in no particular order. */
export async function* storedFiles(root: string): AsyncGenerator<StoredFile> {
  for (const kind of fileKinds) {
    const [folder] = filePath(kind, '').split('/')
    const entries = await opendir(join(root, folder!), { recursive: true }).catch(() => [])
    for await (const entry of entries) {
      if (entry.isDirectory()) continue
      const path = join(entry.parentPath, entry.name)
      const isOurs =
        /^[0-9a-f]{64}$/.test(entry.name) && path === join(root, filePath(kind, entry.name))
      yield { path, kind, sha256: isOurs ? entry.name : null }
    }
  }
}
