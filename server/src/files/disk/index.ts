import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { access, constants, copyFile, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDiskFull, storageFull } from '../../errors.ts'
import { moveDurably } from '../../sqlite/durable-files.ts'
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
        throw isDiskFull(error) ? storageFull(error) : error
      }
    },

    async read(kind, sha256, range) {
      try {
        const file = await open(place(kind, sha256))
        const { size } = await file.stat()
        const bytes = range ? range.end - range.start + 1 : size
        return { stream: file.createReadStream(range), bytes }
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

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
