import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of each database in the folder, with the log that belongs to it; those that are not there are left out. */
export async function dataSizes(folder: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {}
  for (const name of await readdir(folder)) {
    const [, file] = /^(.+\.db)(?:-wal)?$/.exec(name) ?? []
    if (file === undefined) continue
    const { size } = await stat(join(folder, name)).catch(() => ({ size: 0 }))
    sizes[file] = (sizes[file] ?? 0) + size
  }
  return sizes
}
