import { setTimeout } from 'node:timers/promises'
import { openEmbeddedStore } from '../../../server/src/stores/embedded/store.ts'
import type { Quantization } from '../../../server/src/stores/embedded/settings.ts'
import type { Filter } from '../../../server/src/records/filter.ts'
import type { VectorRecord } from '../../../server/src/records/record.ts'
import type { ImageStore } from '../../../server/src/stores/image-store.ts'
import { recordId } from '../../../server/src/records/record-id.ts'
import { attribute, selectivities, type Item } from '../dataset.ts'
import type { Engine } from '../engine.ts'

/** The embedded store as the server opens it: records, facts and vectors, each batch durable. */
export async function openLookalike(
  folder: string,
  dimensions: number,
  quantization: Quantization,
): Promise<Engine> {
  const library = { embedderId: 'bench', dimensions }
  const store = await openEmbeddedStore(folder, library, { quantization })
  return {
    ...engineOver(store),
    async optimise() {
      while ((await store.health()).busy) await setTimeout(100)
    },
    health: async () => (await store.health()).detail,
  }
}

/** What any store does by its contract. */
export function engineOver(
  store: ImageStore,
): Pick<Engine, 'insert' | 'search' | 'close'> & Required<Pick<Engine, 'searchFiltered'>> {
  const search = async (vector: Float32Array, limit: number, filter?: Filter) => {
    const hits = await store.search({ vector, limit, ...(filter && { filter }) })
    return hits.map(({ record }) => record.metadata['index'] as number)
  }
  return {
    insert: (items) => store.upsert(items.map(toRecord)),
    search: (vector, count) => search(vector, count),
    searchFiltered: (vector, count, key) =>
      search(vector, count, { must: [{ key, match: { value: 0 } }] }),
    close: () => store.close(),
  }
}

function toRecord({ index, vector }: Item): VectorRecord {
  const imageUri = `https://example.org/pictures/${index}.jpg`
  const keys = Object.keys(selectivities) as (keyof typeof selectivities)[]
  return {
    id: recordId(imageUri),
    imageUri,
    description: `Picture ${index}, described in a sentence or two, about as long as a model makes them.`,
    metadata: { index, ...Object.fromEntries(keys.map((key) => [key, attribute(index, key)])) },
    file: {
      sha256: index.toString(16).padStart(64, '0'),
      format: 'jpeg',
      width: 1024,
      height: 768,
      bytes: 200_000,
    },
    embedderId: 'bench',
    indexedAt: new Date(1.7e12 + index).toISOString(),
    vector,
  }
}
