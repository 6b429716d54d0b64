import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LookalikeError } from '../errors.ts'
import type { FileKind, FileStore } from './file-store.ts'

const folders: Record<FileKind, string> = { original: 'originals', thumbnail: 'thumbnails' }

/** Files under `root`, fanned out by the first two hex digits so that no folder grows huge. */
export function openDiskFiles(root: string): FileStore {
  const place = (kind: FileKind, sha256: string) =>
    join(root, folders[kind], sha256.slice(0, 2), sha256)

  return {
    async put(kind, sha256, source) {
      const target = place(kind, sha256)
      try {
        await mkdir(dirname(target), { recursive: true })
        const staged = typeof source === 'string' ? source : `${target}.${randomUUID()}.tmp`
        await syncFile(staged, typeof source === 'string' ? undefined : source)
        await rename(staged, target)
        await syncFolder(dirname(target))
      } catch (error) {
        throw explain(error)
      }
    },

    async read(kind, sha256) {
      try {
        const file = await open(place(kind, sha256))
        const { size } = await file.stat()
        return { stream: file.createReadStream(), bytes: size }
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return null
        throw error
      }
    },

    async delete(sha256) {
      for (const kind of Object.keys(folders) as FileKind[]) {
        await rm(place(kind, sha256), { force: true })
      }
    },
  }
}

async function syncFile(path: string, bytes?: Uint8Array): Promise<void> {
  await using file = await open(path, bytes ? 'wx' : 'r+')
  if (bytes) await file.writeFile(bytes)
  await file.sync()
}

/** A rename is durable only once the folder that lists it is. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // folders cannot be opened there
  await using folder = await open(path)
  await folder.sync()
}

function explain(error: unknown): unknown {
  if (!isErrno(error, 'ENOSPC') && !isErrno(error, 'EDQUOT')) return error
  return new LookalikeError(
    'storage_full',
    'The disk that holds DATA_DIR is full: free some space and send the picture again. Nothing was lost.',
    { cause: error },
  )
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
