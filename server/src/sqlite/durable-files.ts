import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Windows syncs files only: what a folder lists is in its journal by the time that a call returns. */
const foldersSync = process.platform !== 'win32'

/** Brings the content of a file to disk. Windows syncs no file that is open for reading alone. */
export async function flushFile(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}

/** The same for those who cannot let others have their turn meanwhile. */
export function flushFileSync(path: string): void {
  flush(path, 'r+')
}

function flush(path: string, flags: string): void {
  const file = openSync(path, flags)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Brings to disk which names a folder lists: new, renamed and deleted ones. */
export async function flushFolder(path: string): Promise<void> {
  if (!foldersSync) return
  await using folder = await open(path, 'r')
  await folder.sync()
}

/** Writes a file that is on disk, name and content, when the promise resolves. */
export async function writeDurably(path: string, content: string): Promise<void> {
  await writeFile(path, content, { flush: true })
  await flushFolder(dirname(path))
}

/**
 * Puts a file in the place of another, or of none, without a moment in which it is half: what could not
 * be written leaves the old one. For few bytes: nobody else has their turn meanwhile.
 */
export function replaceDurably(path: string, content: string, mode: number): void {
  const temporary = `${path}.new`
  try {
    writeFileSync(temporary, content, { mode, flush: true })
    renameSync(temporary, path)
    if (foldersSync) flush(dirname(path), 'r')
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Renames a file or folder, durably; the folder that it goes to is made when it is missing. */
export async function renameDurably(from: string, target: string): Promise<void> {
  const folder = dirname(target)
  try {
    await rename(from, target)
  } catch (error) {
    // Made only when it is found missing: it hardly ever is.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const made = await mkdir(folder, { recursive: true })
    await rename(from, target)
    if (made) await flushFolder(dirname(made))
  }
  await flushFolder(folder)
}

/** Moves a file that may not be on disk yet: under its new name it is whole. */
export async function moveDurably(from: string, target: string): Promise<void> {
  await flushFile(from)
  await renameDurably(from, target)
}
