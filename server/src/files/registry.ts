import { join } from 'node:path'
import type { FileStore } from './file-store.ts'
import { s3Options } from './s3/settings.ts'
import type { FileSettings, FileStoreName } from './settings.ts'

type Open = (settings: FileSettings, dataDir: string) => Promise<FileStore>

/** A driver is loaded when it is chosen. */
const drivers: Record<FileStoreName, Open> = {
  disk: async (_settings, dataDir) =>
    (await import('./disk/index.ts')).default(join(dataDir, 'files')),
  s3: async (settings) => (await import('./s3/index.ts')).default(s3Options(settings)),
}

export function openFiles(settings: FileSettings, dataDir: string): Promise<FileStore> {
  return drivers[settings.FILES](settings, dataDir)
}
