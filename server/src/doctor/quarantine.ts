import { existsSync } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { renameDurably } from '../sqlite/durable-files.ts'

const folderName = 'quarantine'

/**
 * Moves a file or folder out of the way, into `DATA_DIR/quarantine`: what nobody needs as it is, and somebody may miss
 * all the same. Nothing that lies there already is written over.
 *
 * @param kind the folder in it
 * @returns where it lies now, relative to DATA_DIR
 */
export async function quarantine(dataDir: string, kind: string, path: string): Promise<string> {
  const folder = join(folderName, kind)
  let name = basename(path)
  for (let n = 2; existsSync(join(dataDir, folder, name)); n++) name = `${basename(path)}-${n}`
  await renameDurably(path, join(dataDir, folder, name))
  return join(folder, name)
}

/** How many files lie there. */
export async function countQuarantined(dataDir: string): Promise<number> {
  const entries = await opendir(join(dataDir, folderName), { recursive: true }).catch(() => [])
  let count = 0
  for await (const entry of entries) if (entry.isFile()) count++
  return count
}
