import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { access, constants, copyFile, open, opendir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDiskFull, LookalikeError, storageFull } from '../../errors.ts'
import { moveDurably } from '../../sqlite/durable-files.ts'
import { type Room, unbounded } from '../../data-dir/room.ts'
import type { Presence } from '../../data-dir/presence.ts'
import { type FileKind, fileKinds, filePath, type FileStore } from '../file-store.ts'

export interface DiskFilesOptions {
  readonly room?: Room
  /** This server among those that share the folder; absent where nobody shares it. */
  readonly presence?: Presence | undefined
}

/**
 * Files under `root`. A file is whole and synced before it is renamed to its place: what a killed process
 * left unfinished is swept away here.
 */
export default function openDiskFiles(
  root: string,
  { room = unbounded, presence }: DiskFilesOptions = {},
): FileStore {
  const staging = join(root, 'staging')
  mkdirSync(staging, { recursive: true })
  if (presence) presence.sweep(staging)
  else for (const left of readdirSync(staging)) rmSync(join(staging, left), { recursive: true })
  async function claiming(bytes: number, write: () => Promise<void>): Promise<void> {
    const release = room.claim(bytes)
    await write().finally(release)
  }
  const place = (kind: FileKind, sha256: string) => join(root, filePath(kind, sha256))

  return {
    async put(kind, sha256, source) {
      const target = place(kind, sha256)
      const staged = join(staging, (presence?.prefix ?? '') + randomUUID())
      try {
        if (typeof source !== 'string') {
          await claiming(source.length, () => writeFile(staged, source))
          await moveTo(target, staged)
          return
        }
        await moveTo(target, source).catch(async (error: unknown) => {
          if (!isErrno(error, 'EXDEV')) throw error
          await claiming((await stat(source)).size, () => copyFile(source, staged))
          await moveTo(target, staged)
          await rm(source)
        })
      } catch (error) {
        await rm(staged, { force: true })
        if (isDiskFull(error)) throw storageFull(error)
        throw isErrno(error, 'ENOENT') ? gone(error) : error
      }
    },

    async read(kind, sha256, range) {
      try {
        const file = await open(place(kind, sha256))
        const found = await file.stat()
        if (!found.isFile()) {
          await file.close()
          return null
        }
        const bytes = range ? range.end - range.start + 1 : found.size
        return { stream: file.createReadStream(range), bytes }
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return null
        throw error
      }
    },

    async size(kind, sha256) {
      const found = await stat(place(kind, sha256)).catch(() => null)
      return found?.isFile() ? found.size : null
    },

    async holdsAny() {
      const originals = await opendir(join(root, 'originals'), { recursive: true }).catch(() => [])
      for await (const entry of originals) if (entry.isFile()) return true
      return false
    },

    async delete(sha256) {
      for (const kind of fileKinds) await rm(place(kind, sha256), { force: true })
    },

    async health() {
      try {
        await access(staging, constants.W_OK)
        return { status: 'ok', detail: 'Files on disk.' }
      } catch (error) {
        const detail = isErrno(error, 'ENOENT')
          ? gone(error).message
          : 'The folder files in DATA_DIR cannot be written to. Mend its permissions.'
        return { status: 'unavailable', detail }
      }
    },
  }
}

async function moveTo(target: string, from: string): Promise<void> {
  try {
    await moveDurably(from, target)
  } catch (error) {
    // A folder in the place of a file is damage, which the file mends.
    if (!isErrno(error, 'EISDIR')) throw error
    await rm(target, { recursive: true })
    await moveDurably(from, target)
  }
}

/** A folder in use that is no longer there: a volume that was taken away, for instance. */
function gone(cause: unknown): LookalikeError {
  return new LookalikeError(
    'files_unavailable',
    'The folder files in DATA_DIR is gone: see that its disk is there, then start Lookalike again.',
    { cause },
  )
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
