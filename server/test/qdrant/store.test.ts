import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { FakeQdrant, notValidated } from '../fakes/qdrant.ts'
import { describeImageStore } from '../conformance/stores/image-store.ts'
import type { OpenStore } from '../conformance/stores/opened-store.ts'
import { library, record } from '../conformance/stores/fixtures.ts'
import { openQdrantStore } from '../../src/stores/qdrant/store.ts'

const fakes: FakeQdrant[] = []

const openOnFake: OpenStore = async (forLibrary) => {
  const qdrant = await new FakeQdrant().start()
  fakes.push(qdrant)
  const options = { url: qdrant.url, collection: 'images' }
  return {
    store: await openQdrantStore(options, forLibrary),
    reopen: (other) => openQdrantStore(options, other),
    dispose: () => qdrant.stop(),
  }
}

describe('over the fake', () => {
  describeImageStore('qdrant', openOnFake)

  afterEach(() => expect(fakes.flatMap(({ violations }) => violations)).toEqual([]))

  test('requests are held to the API document of Qdrant', ({ skip }) => {
    if (notValidated !== null) skip(notValidated)
    expect(fakes.flatMap(({ requests }) => requests).length).toBeGreaterThan(100)
  })

  test('many records travel in several requests', async () => {
    const { store, dispose } = await openOnFake(library)
    const all = Array.from({ length: 300 }, (_, index) => record(`many-${index}`))
    await store.upsert(all)
    const ids = all.map(({ id }) => id)
    expect((await store.getWithVectors(ids)).map(({ id }) => id)).toEqual(ids)
    const hashes = all.map(({ file }) => file!.sha256)
    expect(await store.findByContentHash(hashes)).toHaveLength(300)
    expect(await store.delete([...ids, ...ids])).toBe(300)
    await dispose()
  })
})

const { TEST_QDRANT_URL: url, TEST_QDRANT_API_KEY: apiKey } = process.env

describe.skipIf(!url)('over the server of TEST_QDRANT_URL', () => {
  describeImageStore('qdrant', async (forLibrary) => {
    const collection = `lookalike-test-${randomUUID()}`
    const options = { url: url!, collection, ...(apiKey && { apiKey }) }
    return {
      store: await openQdrantStore(options, forLibrary),
      reopen: (other) => openQdrantStore(options, other),
      dispose: async () => {
        const headers: HeadersInit = apiKey ? { 'api-key': apiKey } : {}
        await fetch(`${url}/collections/${collection}`, { method: 'DELETE', headers })
      },
    }
  })
})
