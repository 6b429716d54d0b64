import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { access, constants, copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LookalikeError } from '../../errors.ts'
import { type FileKind, fileKinds, filePath, type FileStore } from '../file-store.ts'

/**
 * Files under `root`. A file is whole and synced before it is renamed to its place: what a killed process
 * left unfinished is swept away here.
 */
export default function openDiskFiles(root: string): FileStore {
  const staging = join(root, 'staging')
  rmSync(staging, { recursive: true, force: true })
  mkdirSync(staging, { recursive: true })
  const place = (kind: FileKind, sha256: string) => join(root, filePath(kind, sha256))

  return {
    async put(kind, sha256, source) {
      const target = place(kind, sha256)
      const staged = join(staging, randomUUID())
      try {
        if (typeof source !== 'string') {
          await writeFile(staged, source)
          await moveDurably(staged, target)
          return
        }
        await moveDurably(source, target).catch(async (error: unknown) => {
          if (!isErrno(error, 'EXDEV')) throw error
          await copyFile(source, staged)
          await moveDurably(staged, target)
          await rm(source)
        })
      } catch (error) {
        await rm(staged, { force: true })
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
      for (const kind of fileKinds) await rm(place(kind, sha256), { force: true })
    },

    async health() {
      try {
        await access(staging, constants.W_OK)
        return { status: 'ok', detail: 'Files on disk.' }
      } catch {
        const detail = 'The folder files in DATA_DIR cannot be written to. Mend its permissions.'
        return { status: 'unavailable', detail }
      }
    },
  }
}

async function moveDurably(from: string, target: string): Promise<void> {
  await sync(from, 'r+')
  await renameInto(from, target)
  await syncFolder(dirname(target))
}

/** Makes the folder that the target lies in only when it is found missing: it hardly ever is. */
async function renameInto(from: string, target: string): Promise<void> {
  try {
    await rename(from, target)
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
    const made = await mkdir(dirname(target), { recursive: true })
    await rename(from, target)
    if (made) await syncFolder(dirname(made))
  }
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  await using file = await open(path, flags)
  await file.sync()
}

/** A rename is durable once the folder that lists it is; Windows cannot sync a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await sync(path, 'r')
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
