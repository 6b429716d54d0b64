import type { Room } from '../data-dir/room.ts'
import type { Generations } from './generations.ts'
import { qdrantOptions } from './qdrant/settings.ts'
import type { StoreName, StoreSettings } from './settings.ts'

type Open = (settings: StoreSettings, dataDir: string, room?: Room) => Promise<Generations>

/** A driver is loaded when it is chosen. */
const drivers: Record<StoreName, Open> = {
  embedded: async (settings, dataDir, room) =>
    (await import('./embedded/index.ts')).default(dataDir, {
      quantization: settings.VECTOR_INDEX_QUANTIZATION,
      ...(room && { room }),
    }),
  qdrant: async (settings) => (await import('./qdrant/index.ts')).default(qdrantOptions(settings)),
}

/** @param room on the disk of `dataDir` */
export function openGenerations(
  settings: StoreSettings,
  dataDir: string,
  room?: Room,
): Promise<Generations> {
  return drivers[settings.STORE](settings, dataDir, room)
}
