import type { Config } from '../config.ts'
import type { Generations } from './generations.ts'
import { qdrantOptions } from './qdrant/settings.ts'

/** Name in `STORE` -> folder beside this file. A driver is loaded when it is chosen. */
export const storeNames = ['embedded', 'qdrant'] as const
export type StoreName = (typeof storeNames)[number]

type Load = (config: Config) => Promise<Generations>

const drivers: Record<StoreName, Load> = {
  embedded: async (config) =>
    (await import('./embedded/generations.ts')).embeddedGenerations(config.DATA_DIR, {
      quantization: config.VECTOR_INDEX_QUANTIZATION,
    }),
  qdrant: async (config) =>
    (await import('./qdrant/generations.ts')).qdrantGenerations(qdrantOptions(config)),
}

export function loadGenerations(config: Config): Promise<Generations> {
  return drivers[config.STORE](config)
}
