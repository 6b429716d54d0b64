import { join } from 'node:path'
import type { DiskFilesOptions } from './disk/index.ts'
import type { FileStore } from './file-store.ts'
import { s3Options } from './s3/settings.ts'
import type { FileSettings, FileStoreName } from './settings.ts'

interface Local extends DiskFilesOptions {
  readonly dataDir: string
}
type Open = (settings: FileSettings, local: Local) => Promise<FileStore>

/** A driver is loaded when it is chosen. */
const drivers: Record<FileStoreName, Open> = {
  disk: async (_settings, { dataDir, ...options }) =>
    (await import('./disk/index.ts')).default(join(dataDir, 'files'), options),
  s3: async (settings) => (await import('./s3/index.ts')).default(s3Options(settings)),
}

export function openFiles(settings: FileSettings, local: Local): Promise<FileStore> {
  return drivers[settings.FILES](settings, local)
}
