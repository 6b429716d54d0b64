import type { Config } from '../config.ts'
import type { ImageStore, Library } from './image-store.ts'
import { qdrantOptions } from './qdrant/settings.ts'

/** Name in `STORE` -> folder beside this file. A driver is loaded when it is chosen. */
export const storeNames = ['embedded', 'qdrant'] as const
export type StoreName = (typeof storeNames)[number]

type OpenStore = (config: Config, library: Library) => Promise<ImageStore>

const drivers: Record<StoreName, OpenStore> = {
  embedded: async (config, library) =>
    (await import('./embedded/store.ts')).openEmbeddedStore(config.DATA_DIR, library, {
      quantization: config.VECTOR_INDEX_QUANTIZATION,
    }),
  qdrant: async (config, library) =>
    (await import('./qdrant/store.ts')).openQdrantStore(qdrantOptions(config), library),
}

export function openStore(config: Config, library: Library): Promise<ImageStore> {
  return drivers[config.STORE](config, library)
}
