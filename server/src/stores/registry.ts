import type { Generations } from './generations.ts'
import { qdrantOptions } from './qdrant/settings.ts'
import type { StoreName, StoreSettings } from './settings.ts'

type Open = (settings: StoreSettings, dataDir: string) => Promise<Generations>

/** A driver is loaded when it is chosen. */
const drivers: Record<StoreName, Open> = {
  embedded: async (settings, dataDir) =>
    (await import('./embedded/index.ts')).default(dataDir, {
      quantization: settings.VECTOR_INDEX_QUANTIZATION,
    }),
  qdrant: async (settings) => (await import('./qdrant/index.ts')).default(qdrantOptions(settings)),
}

export function openGenerations(settings: StoreSettings, dataDir: string): Promise<Generations> {
  return drivers[settings.STORE](settings, dataDir)
}
