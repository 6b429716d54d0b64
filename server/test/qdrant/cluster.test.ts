import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswerNotes, ImageStore } from '../../src/stores/image-store.ts'
import { openQdrantStore } from '../../src/stores/qdrant/store.ts'
import { library, record } from '../conformance/stores/fixtures.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'

const fox = record('fox')
const settings = {
  shardNumber: 6,
  replicationFactor: 3,
  writeConsistencyFactor: 2,
  readConsistency: 'majority',
} as const

let qdrant: FakeQdrant
let store: ImageStore
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
  const options = { url: qdrant.url, collection: 'images', settings }
  store = await openQdrantStore({ ...options, writeTimeoutMs: 1_500 }, library)
  await store.upsert([fox])
})
afterEach(async () => {
  await store.close()
  await qdrant.stop()
  expect(qdrant.violations).toEqual([])
})

let notes: AnswerNotes = {}
const search = () => {
  notes = {}
  return store.forAnswer(notes).search({ vector: fox.vector, limit: 5 })
}
const unavailable = (message: RegExp) =>
  expect.objectContaining({
    code: 'store_unavailable',
    message: expect.stringMatching(message),
  })
const consistencies = () =>
  qdrant.requests
    .filter(({ path }) => path.endsWith('/query'))
    .map(({ query }) => query.get('consistency'))

describe('while one of three nodes is gone and the others have not noticed', () => {
  test('searches ask again, and at last one copy', async () => {
    qdrant.dying = true
    expect(await search()).toHaveLength(1)
    const asked = consistencies()
    expect(asked.at(-1)).toBe('1')
    expect(asked.slice(0, -1).length).toBeGreaterThan(1)
    expect(new Set(asked.slice(0, -1))).toEqual(new Set(['majority']))
    expect(notes).toEqual({ engine: 'approximate', walk: 'graph', coverage: 'one_copy' })
  })

  test('searches that are noticed in time compare as many copies as ever', async () => {
    qdrant.dying = true
    const found = search()
    await qdrant.untilSeen(({ path }) => path.endsWith('/query'))
    qdrant.dying = false
    expect(await found).toHaveLength(1)
    expect(consistencies()).not.toContain('1')
    expect(notes).toEqual({ engine: 'approximate', walk: 'graph' })
  })

  test('every read of an answer does, and none that a write may follow', async () => {
    qdrant.dying = true
    const sha256 = [fox.file!.sha256]
    const reads = store.forAnswer({})
    expect(
      await Promise.all([
        reads.get([fox.id]),
        reads.getWithVectors([fox.id]),
        reads.findByContentHash(sha256),
        reads.list({ limit: 1 }).then(({ records }) => records),
      ]),
    ).toMatchObject([[{ id: fox.id }], [{ id: fox.id }], [{ id: fox.id }], [{ id: fox.id }]])
    const failed = await Promise.allSettled([
      store.get([fox.id]),
      store.getWithVectors([fox.id]),
      store.findByContentHash(sha256),
      store.list({ limit: 1 }),
      store.search({ vector: fox.vector, limit: 1 }),
    ])
    const failure = unavailable(/1 of 3 read operations failed/)
    expect(failed).toEqual(failed.map(() => ({ status: 'rejected', reason: failure })))
  })

  test('a node that hangs costs a search half of its time', async () => {
    qdrant.fail({ kind: 'hang' })
    expect(await search()).toHaveLength(1)
    expect(consistencies()).toEqual(['1'])
  })

  test('writes ask again until it is noticed, and are done once', async () => {
    qdrant.dying = true
    const written = store.upsert([record('owl')])
    await qdrant.untilSeen(({ path, method }) => path.endsWith('/points') && method === 'PUT')
    qdrant.dying = false
    await written
    expect(await store.count()).toBe(2)
  })

  test('writes fail at their deadline, and not before', async () => {
    qdrant.dying = true
    const started = performance.now()
    await expect(store.upsert([record('owl')])).rejects.toEqual(
      unavailable(/enough active replicas/),
    )
    expect(performance.now() - started).toBeGreaterThan(500)
    expect(qdrant.engine.collection('images').points.size).toBe(1)
  })

  test('a change of metadata is as patient', async () => {
    qdrant.dying = true
    const changed = store.setMetadata(fox.id, { changed: true })
    await qdrant.untilSeen(({ path, method }) => path.endsWith('/points') && method === 'POST')
    qdrant.dying = false
    expect(await changed).toBe(true)
    expect(await store.get([fox.id])).toMatchObject([{ metadata: { changed: true } }])
  })

  test('health says that searches compare fewer copies', async () => {
    qdrant.dying = true
    await search()
    expect(await store.health()).toMatchObject({
      status: 'degraded',
      detail: expect.stringMatching(/fewer copies than QDRANT_READ_CONSISTENCY/) as string,
    })
  })
})

describe('a snapshot', () => {
  test('of nodes that each have everything is made by one of them', async () => {
    qdrant.engine.shards = [[0, 1], [0, 1], [1, 0]] // prettier-ignore
    expect(await store.snapshot!()).toEqual({
      file: `${qdrant.url}/collections/images/snapshots/images-1.snapshot`,
      images: 1,
      bytes: 1000,
    })
  })

  test('of nodes that share the shards is made shard by shard, wherever each is', async () => {
    qdrant.engine.shards = [[0, 1], [1, 2], [2, 0]] // prettier-ignore
    const { file, bytes } = await store.snapshot!()
    expect(file.split(' ')).toEqual(
      [0, 1, 2].map(
        (shard) =>
          expect.stringContaining(
            `${qdrant.url}/collections/images/shards/${shard}/snapshots/shard-${shard}-`,
          ) as string,
      ),
    )
    expect(bytes).toBe(3000)
  })
})
