import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { FileStore } from './file-store.ts'
import { s3Options } from './s3/settings.ts'

/** Name in `FILES` -> folder beside this file. A driver is loaded when it is chosen. */
export const fileStoreNames = ['disk', 's3'] as const
export type FileStoreName = (typeof fileStoreNames)[number]

type OpenFiles = (config: Config) => Promise<FileStore>

const drivers: Record<FileStoreName, OpenFiles> = {
  disk: async (config) =>
    (await import('./disk/index.ts')).openDiskFiles(join(config.DATA_DIR, 'files')),
  s3: async (config) => (await import('./s3/index.ts')).openS3Files(s3Options(config)),
}

export function openFiles(config: Config): Promise<FileStore> {
  return drivers[config.FILES](config)
}
