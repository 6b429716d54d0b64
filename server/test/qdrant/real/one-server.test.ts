import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import openGenerations from '../../../src/stores/qdrant/index.ts'
import { openQdrantStore } from '../../../src/stores/qdrant/store.ts'
import { library, record } from '../../conformance/stores/fixtures.ts'
import { describeGenerations } from '../../conformance/stores/generations.ts'
import { describeImageStore } from '../../conformance/stores/image-store.ts'
import { jpeg } from '../../support/pictures.ts'
import { startServer } from '../../support/server.ts'
import { binary, RealQdrant } from './server.ts'
import { eventually, expectAll, Writers } from './writers.ts'

const kills = 12

describe.skipIf(!binary)('over a server of QDRANT_BIN', () => {
  let qdrant: RealQdrant
  beforeAll(async () => {
    qdrant = await RealQdrant.start()
  })
  afterAll(() => qdrant.dispose())

  const optionsOf = (collection = `test-${randomUUID()}`) => ({ url: qdrant.url, collection })
  const drop = async (collection: string) => {
    await (await fetch(`${qdrant.url}/collections/${collection}`, { method: 'DELETE' })).text()
  }

  describe.each([null, 'image'])('with the vector %s', (vectorName) => {
    describeImageStore('qdrant', async (forLibrary) => {
      const options = { ...optionsOf(), vectorName }
      return {
        store: await openQdrantStore(options, forLibrary),
        reopen: (other) => openQdrantStore(options, other),
        dispose: () => drop(options.collection),
      }
    })
  })

  describeGenerations('qdrant', async () => {
    const options = optionsOf()
    return {
      restart: () => openGenerations({ ...options, alias: `${options.collection}-in-use` }),
      dispose: async () => {},
    }
  })

  test(
    `${kills} times killed under three writers, nothing acknowledged is lost`,
    async () => {
      const options = optionsOf()
      const store = await openQdrantStore(options, library)
      const writers = new Writers([store, store, await openQdrantStore(options, library)])
      for (let kill = 0; kill < kills; kill++) {
        await sleep(300 + 100 * (kill % 5))
        await qdrant.kill()
        await qdrant.start()
      }
      await sleep(500)
      await writers.stop()
      expect(writers.acknowledged.length).toBeGreaterThan(kills)
      await expectAll(store, writers.acknowledged)
      await store.close()
    },
    kills * 30_000,
  )

  test('a server that hangs is 503 in time, and forgiven at once', async () => {
    const store = await openQdrantStore(optionsOf(), library)
    const fox = record('fox')
    await store.upsert([fox])
    const search = () => store.search({ vector: fox.vector, limit: 1 })
    qdrant.hang()
    try {
      const started = performance.now()
      await expect(search()).rejects.toMatchObject({ code: 'store_unavailable', status: 503 })
      expect(performance.now() - started).toBeLessThan(3_000)
    } finally {
      qdrant.goOn()
    }
    expect(await search()).toHaveLength(1)
    await store.close()
  })

  test('a snapshot is made, and lies where it is said to', async () => {
    const store = await openQdrantStore(optionsOf(), library)
    await store.upsert([record('fox')])
    const { file, images, bytes } = await store.snapshot!()
    expect([images, bytes > 0]).toEqual([1, true])
    const { status, body } = await fetch(file)
    await body?.cancel()
    expect(status).toBe(200)
    await store.close()
  })

  test('vectors that it would destroy are refused', async () => {
    for (const vector of [
      { datatype: 'uint8' },
      { multivector_config: { comparator: 'max_sim' } },
    ]) {
      const { collection, url } = optionsOf()
      const vectors = { size: library.dimensions, distance: 'Cosine', ...vector }
      const made = await fetch(`${url}/collections/${collection}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ vectors }),
      })
      expect([made.status, await made.text()]).toEqual([200, expect.any(String)])
      await expect(openQdrantStore({ url, collection }, library)).rejects.toMatchObject({
        code: 'embedder_mismatch',
      })
    }
  })

  test('a library moves there and back without a change', async () => {
    const embedded = await startServer()
    const moved = await startServer({
      QDRANT_URL: qdrant.url,
      QDRANT_COLLECTION: `test-${randomUUID()}`,
    })
    const back = await startServer()
    const exported = async (url: string) => {
      const lines = (await (await fetch(`${url}/api/export`)).text()).trimEnd().split('\n')
      const records = lines.map((line) => JSON.parse(line) as { id?: string; vector?: string })
      return records
        .filter(({ id }) => id)
        .map(({ vector, ...facts }) => ({
          ...facts,
          image_url: null,
          thumbnail_url: null,
          vector: vector!.length,
        }))
        .sort((a, b) => (a.id! < b.id! ? -1 : 1))
    }
    const move = async (from: string, to: string) => {
      const lines = await (await fetch(`${from}/api/export`)).text()
      const headers = { 'content-type': 'application/x-ndjson' }
      const answer = await fetch(`${to}/api/import`, { method: 'POST', headers, body: lines })
      expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)])
    }
    try {
      for (const seed of [0, 1, 2])
        await embedded.index(await jpeg(seed), { metadata: `{"seed":${seed}}` })
      const before = await exported(embedded.url)
      expect(before).toHaveLength(3)
      await move(embedded.url, moved.url)
      await move(moved.url, back.url)
      expect(await exported(moved.url)).toEqual(before)
      expect(await exported(back.url)).toEqual(before)
      const filter = '{"must":[{"key":"seed","match":{"value":1}}]}'
      const found = await eventually(async () => moved.search(await jpeg(1), { filter }))
      expect(found.body.results).toHaveLength(1)
    } finally {
      await Promise.all([embedded.stop(), moved.stop(), back.stop()])
    }
  })
})
