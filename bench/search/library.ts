import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config.ts'
import type { Services } from '../../server/src/http/services.ts'
import type { LibraryDeps } from '../../server/src/library/deps.ts'
import type { VectorRecord } from '../../server/src/records/record.ts'
import { recordId } from '../../server/src/records/record-id.ts'
import { clusteredVectors } from '../clustered-vectors.ts'

const batch = 1000

export const uriOf = (at: number) => `http://example.org/${at}.jpg`

/** Runs something over a library of that many records in the embedded store, once its index is made. */
export async function withLibrary(
  images: number,
  work: (services: Services) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  const settings = { DATA_DIR: folder, EMBEDDER: 'visual', GRAPH: 'none', LOG_LEVEL: 'silent' }
  const services = await compose(loadConfig(settings))
  const { deps, state } = services
  try {
    await fill(deps, images)
    while ((await deps.store.health()).busy) await new Promise((done) => setTimeout(done, 200))
    await work(services)
  } finally {
    await deps.store.close()
    state.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function fill({ store, embedder }: LibraryDeps, images: number): Promise<void> {
  const next = clusteredVectors(embedder.dimensions, images, 1)
  for (let at = 0; at < images; at += batch) {
    const count = Math.min(batch, images - at)
    await store.upsert(
      Array.from({ length: count }, (_, of) => recordOf(at + of, next(), embedder.id)),
    )
  }
}

export function recordOf(number: number, vector: Float32Array, embedderId: string): VectorRecord {
  const imageUri = uriOf(number)
  return {
    id: recordId(imageUri),
    imageUri,
    description: `Picture ${number}`,
    metadata: { parity: number % 2, album: number % 1000 },
    file: null,
    embedderId,
    indexedAt: new Date(0).toISOString(),
    vector,
  }
}
