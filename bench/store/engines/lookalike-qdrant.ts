import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import {
  defaultSettings,
  type CollectionSettings,
} from '../../../server/src/stores/qdrant/options.ts'
import { openQdrantStore } from '../../../server/src/stores/qdrant/store.ts'
import type { Engine } from '../engine.ts'
import { engineOver } from './lookalike.ts'
import { deleteCollection, qdrantAt } from './qdrant-rest.ts'

type Quantization = CollectionSettings['quantization']

/** The Qdrant store with the settings that a user gets, on the server of TEST_QDRANT_URL. */
export function openLookalikeQdrant(
  dimensions: number,
  quantization: Quantization,
): Promise<Engine> {
  const { url, apiKey } = qdrantAt()
  return openOnQdrant(url, dimensions, { quantization, apiKey })
}

export async function openOnQdrant(
  url: string,
  dimensions: number,
  { quantization, apiKey }: { quantization: Quantization; apiKey?: string | undefined },
): Promise<Engine> {
  const collection = `lookalike-bench-${randomUUID()}`
  const settings = { ...defaultSettings, quantization }
  const options = { url, collection, settings, ...(apiKey && { apiKey }) }
  const store = await openQdrantStore(options, { embedderId: 'bench', dimensions })
  return {
    ...engineOver(store),
    async optimise() {
      // Between two segments it is idle for a moment.
      for (let idle = 0; idle < 5; await setTimeout(500)) {
        idle = (await store.health()).busy === false ? idle + 1 : 0
      }
    },
    async close() {
      await store.close()
      await deleteCollection({ url, apiKey }, collection)
    },
  }
}
