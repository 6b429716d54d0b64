import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeQdrant, type Fault } from '../fakes/qdrant.ts'
import { library, record } from '../conformance/stores/fixtures.ts'
import type { ImageStore } from '../../src/stores/image-store.ts'
import type { QdrantStoreOptions } from '../../src/stores/qdrant/options.ts'
import { openQdrantStore } from '../../src/stores/qdrant/store.ts'

const fox = record('fox', { metadata: { type: 'animal' } })
const search = (store: ImageStore) => store.search({ vector: fox.vector, limit: 5 })
const unavailable = (message: RegExp) =>
  expect.objectContaining({
    code: 'store_unavailable',
    status: 503,
    message: expect.stringMatching(message),
  })

let qdrant: FakeQdrant
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(() => qdrant.stop())

const open = (options: Partial<QdrantStoreOptions> = {}) =>
  openQdrantStore({ url: qdrant.url, collection: 'images', ...options }, library)

async function openWithFox(options: Partial<QdrantStoreOptions> = {}): Promise<ImageStore> {
  const store = await open(options)
  await store.upsert([fox])
  return store
}

describe('away', () => {
  test('opens, says how to start Qdrant, and goes on when it is there', async () => {
    await qdrant.stop()
    const store = await open()
    const started = performance.now()
    const remedy = unavailable(
      /ECONNREFUSED.*docker run .*-p 6333:6333 .*qdrant\/qdrant.*QDRANT_URL/,
    )
    await expect(search(store)).rejects.toEqual(remedy)
    expect(performance.now() - started).toBeLessThan(3000)
    await expect(store.upsert([fox])).rejects.toEqual(remedy)
    expect(await store.health()).toMatchObject({
      status: 'unavailable',
      detail: expect.stringContaining('docker run') as string,
    })

    await qdrant.start()
    await store.upsert([fox])
    expect(await search(store)).toHaveLength(1)
    expect((await store.health()).status).toBe('ok')
  })

  test('a restart between two calls is not noticed', async () => {
    const store = await openWithFox()
    await qdrant.stop()
    await qdrant.start()
    expect(await search(store)).toHaveLength(1)
    await qdrant.stop()
    await qdrant.start()
    await store.upsert([record('other')])
    expect(await store.count()).toBe(2)
  })

  test('finds out later that the library is of another embedder', async () => {
    await openWithFox()
    await qdrant.stop()
    const options = { url: qdrant.url, collection: 'images' }
    const other = await openQdrantStore(options, { ...library, embedderId: 'other@8' })
    await qdrant.start()
    const refusal = { code: 'embedder_mismatch' }
    await expect(search(other)).rejects.toMatchObject(refusal)
    await expect(other.upsert([fox])).rejects.toMatchObject(refusal)
    expect(await other.health()).toMatchObject({ status: 'unavailable' })
  })
})

describe('silent', () => {
  test('a search ends within three seconds', async () => {
    const store = await openWithFox()
    qdrant.fail({ kind: 'hang' }, 9)
    const started = performance.now()
    await expect(search(store)).rejects.toEqual(unavailable(/did not answer in time/))
    expect(performance.now() - started).toBeLessThan(3000)
  })

  test.for<[string, (store: ImageStore) => Promise<unknown>]>([
    ['get', (store) => store.get([fox.id])],
    ['findByContentHash', (store) => store.findByContentHash([fox.file!.sha256])],
    ['list', (store) => store.list({ limit: 1 })],
    ['facets', (store) => store.facets('type', 1)],
    ['count', (store) => store.count()],
    ['upsert', (store) => store.upsert([fox])],
    ['setMetadata', (store) => store.setMetadata(fox.id, {})],
    ['delete', (store) => store.delete([fox.id])],
  ])('%s ends by its deadline', async ([, call]) => {
    const patient = await openWithFox()
    const store = await open({ readTimeoutMs: 150, writeTimeoutMs: 150 })
    qdrant.fail({ kind: 'hang' }, 9)
    await expect(call(store)).rejects.toEqual(unavailable(/did not answer in time/))
    qdrant.heal()
    expect(await patient.count()).toBe(1)
  })

  test('a slow answer in time is an answer', async () => {
    const store = await openWithFox()
    qdrant.fail({ kind: 'slow', ms: 100 })
    expect(await search(store)).toHaveLength(1)
  })
})

describe('failing', () => {
  const passing: Fault[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 429 },
    { kind: 'cut' },
    { kind: 'foreign' },
  ]
  test.for(passing)('reads are repeated after %o', async (fault) => {
    const store = await openWithFox()
    qdrant.fail(fault)
    expect(await search(store)).toHaveLength(1)
  })

  test.for(passing)('writes are repeated after %o, and done once', async (fault) => {
    const store = await openWithFox()
    qdrant.fail(fault)
    await store.upsert([record('a'), record('b')])
    expect(await store.count()).toBe(3)
    qdrant.fail(fault)
    expect(await store.setMetadata(fox.id, { type: 'changed' })).toBe(true)
    qdrant.fail(fault)
    expect(await store.delete([fox.id])).toBe(1)
    expect(await store.count()).toBe(2)
  })

  test.for<[string, Fault, RegExp]>([
    ['500', { kind: 'status', status: 500, error: 'oh no' }, /failed with status 500: oh no/],
    ['429', { kind: 'status', status: 429 }, /asked too much/],
    ['half answers', { kind: 'cut' }, /broke off/],
    ['pages of something else', { kind: 'foreign' }, /is not Qdrant.*QDRANT_URL/],
  ])('nothing but %s is said to be so', async ([, fault, message]) => {
    const store = await openWithFox()
    qdrant.fail(fault, 9)
    await expect(search(store)).rejects.toEqual(unavailable(message))
  })

  test('a write that is not applied yet is no success', async () => {
    const store = await openWithFox()
    qdrant.fail({ kind: 'result', result: { operation_id: 7, status: 'wait_timeout' } })
    await expect(store.upsert([fox])).rejects.toEqual(unavailable(/not applied it yet/))
  })

  test('a full disk is told as such', async () => {
    const store = await openWithFox()
    const error = 'Service internal error: No space left on device: WAL buffer size exceeds'
    qdrant.fail({ kind: 'status', status: 500, error })
    await expect(store.upsert([fox])).rejects.toMatchObject({ code: 'storage_full', status: 507 })
  })
})

describe('the collection dropped underneath', () => {
  test('is said by every call, until it is restored or this process begins anew', async () => {
    const store = await openWithFox()
    const images = qdrant.engine.collection('images')
    qdrant.engine.collections.clear()
    const gone = unavailable(/"images" was in Qdrant .* is gone.*snapshot.*restart/)
    const other = record('other')
    for (const call of [search, () => store.count(), () => store.delete([fox.id])]) {
      await expect(call(store)).rejects.toEqual(gone)
    }
    await expect(store.upsert([other])).rejects.toEqual(gone)
    expect(await store.health()).toMatchObject({ status: 'unavailable' })

    qdrant.engine.collections.set('images', images)
    await store.upsert([other])
    expect(await store.count()).toBe(2)

    qdrant.engine.collections.clear()
    const anew = await open()
    await anew.upsert([other])
    expect(await anew.count()).toBe(1)
  })

  test('is said when writes find it gone at once', async () => {
    const store = await openWithFox()
    qdrant.engine.collections.clear()
    const writes = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => store.upsert([record(name)])),
    )
    expect(writes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(qdrant.engine.collections.size).toBe(0)
  })
})

describe('the server', () => {
  test('two that begin a library at once share it', async () => {
    const stores = await Promise.all([open(), open()])
    await Promise.all(stores.map((store, index) => store.upsert([record(`from-${index}`)])))
    for (const store of stores) expect(await store.count()).toBe(2)
  })

  test('asks for its key, below its path, with nothing written to the console', async () => {
    const console = vi.spyOn(globalThis.console, 'warn')
    await qdrant.stop()
    qdrant = await new FakeQdrant({ apiKey: 'secret', prefix: '/vectors/v1' }).start()
    const store = await openWithFox({ apiKey: 'secret', url: `${qdrant.url}/` })
    expect(await search(store)).toHaveLength(1)

    const stranger = await open({ apiKey: 'wrong' })
    await expect(search(stranger)).rejects.toEqual(unavailable(/refused access.*QDRANT_API_KEY/))
    expect(console).not.toHaveBeenCalled()
    console.mockRestore()
  })

  test.each(['1.17.3', '0.11.0'])('of version %s is too old', async (version) => {
    await qdrant.stop()
    qdrant = await new FakeQdrant({ version }).start()
    const store = await open()
    await expect(search(store)).rejects.toEqual(
      unavailable(new RegExp(`version ${version.replaceAll('.', '\\.')}.* needs 1\\.18`)),
    )
  })

  test.each(['1.18.0', '1.25.1', '2.0.0-dev', 'unknown'])(
    'of version %s is used',
    async (version) => {
      await qdrant.stop()
      qdrant = await new FakeQdrant({ version }).start()
      expect(await search(await openWithFox())).toHaveLength(1)
    },
  )
})
