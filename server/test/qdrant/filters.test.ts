import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withWords } from '../../src/records/terms.ts'
import { allWords } from '../../src/words/asked.ts'
import type { Filter } from '../../src/records/filter.ts'
import type { Json } from '../../src/records/record.ts'
import type { ImageStore } from '../../src/stores/image-store.ts'
import type { QdrantStoreOptions } from '../../src/stores/qdrant/options.ts'
import { openQdrantStore } from '../../src/stores/qdrant/store.ts'
import { leaning, library, record } from '../conformance/stores/fixtures.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'

let qdrant: FakeQdrant
const opened: ImageStore[] = []
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()))
  await qdrant.stop()
  expect(qdrant.violations).toEqual([])
})

async function open(options: Partial<QdrantStoreOptions> = {}): Promise<ImageStore> {
  const store = await openQdrantStore(
    { url: qdrant.url, collection: 'images', ...options },
    library,
  )
  opened.push(store)
  return store
}

const images = () => qdrant.engine.collection('images')
const types = () =>
  Object.fromEntries(
    Object.entries(images().info().payload_schema).map(([key, { data_type }]) => [key, data_type]),
  )
const value = (key: string, wanted: string | number | boolean): Filter => ({
  must: [{ key, match: { value: wanted } }],
})

let names = 0
const withMetadata = (metadata: { [key: string]: Json }) => record(`p-${names++}`, { metadata })

/** ACORN whatever share of the library a filter passes. */
const forAll = { enable: true, max_selectivity: 1 }

/** How many a search finds, and whether it was sent to ACORN. */
async function searched(store: ImageStore, filter: Filter) {
  const found = await store.search({ vector: leaning(0, 0), limit: 100, filter })
  const { body } = qdrant.requests.findLast(({ path }) => path.endsWith('/query'))!
  const { acorn } = (body as { params: { acorn?: object } }).params
  expect(acorn ?? forAll).toEqual(forAll)
  return { found: found.length, acorn: acorn !== undefined }
}

const linked = (found: number) => ({ found, acorn: false })
const byAcorn = (found: number) => ({ found, acorn: true })

describe('metadata keys', () => {
  test('are indexed by their values before the first record is written', async () => {
    const store = await open()
    await store.upsert([
      withMetadata({
        category: 'animal',
        year: 2026,
        price: 1.5,
        favourite: true,
        camera: { model: 'X', 'shot by': 'A' },
        tags: ['a', 'b'],
        people: [{ name: 'Ann' }, { name: 'Bo' }],
        nothing: null,
        empty: [],
        story: 'x'.repeat(10_000),
        'no"key': 1,
        constructor: 'x',
      }),
    ])
    expect(types()).toMatchObject({
      category: 'keyword',
      year: 'integer',
      price: 'float',
      favourite: 'bool',
      'camera.model': 'keyword',
      'camera."shot by"': 'keyword',
      tags: 'keyword',
      'people[].name': 'keyword',
      constructor: 'keyword',
    })
    expect(Object.keys(types())).not.toEqual(expect.arrayContaining(['story']))
    expect(Object.keys(types())).toHaveLength(9 + 4)
    const order = qdrant.requests.map(({ method, template }) => `${method} ${template}`)
    const lastIndex = order.lastIndexOf('PUT /collections/{collection_name}/index')
    expect(lastIndex).toBeLessThan(order.indexOf('PUT /collections/{collection_name}/points'))

    expect(await searched(store, value('category', 'animal'))).toEqual(linked(1))
    expect(await searched(store, value('constructor', 'x'))).toEqual(linked(1))
    expect(await searched(store, value('people[].name', 'Bo'))).toEqual(linked(1))
    expect(await searched(store, value('favourite', true))).toEqual(linked(1))
    expect(
      await searched(store, { must: [{ must: [{ key: 'price', range: { gt: 1 } }] }] }),
    ).toEqual(linked(1))
  })

  test('go to ACORN under what no links carry', async () => {
    const store = await open()
    await store.upsert([withMetadata({ a: 'x', b: 1 }), withMetadata({ a: 'y' })])
    const a = { key: 'a', match: { value: 'x' } }
    const b = { key: 'b', match: { value: 1 } }
    expect(await searched(store, { must: [a, b] })).toEqual(byAcorn(1))
    expect(await searched(store, { should: [a, b] })).toEqual(byAcorn(1))
    expect(await searched(store, { must_not: [a] })).toEqual(byAcorn(1))
    expect(await searched(store, { must: [{ key: 'a', match: { any: ['x', 'y'] } }] })).toEqual(
      byAcorn(2),
    )
    expect(await searched(store, { must: [{ is_empty: { key: 'b' } }] })).toEqual(byAcorn(1))
    expect(await searched(store, value('a', 1))).toEqual(byAcorn(0))
    expect(await searched(store, value('unknown', 1))).toEqual(byAcorn(0))
    expect(await searched(store, { must: [a], should: [] })).toEqual(linked(1))
  })

  test('of mixed types keep all of their values within reach', async () => {
    const store = await open()
    await store.upsert([withMetadata({ size: 1, code: 'a' }), withMetadata({ size: 2, code: 'a' })])
    expect(types()).toMatchObject({ size: 'integer' })
    const above = (gt: number): Filter => ({ must: [{ key: 'size', range: { gt } }] })
    expect(await store.count(above(1.2))).toBe(1)
    await store.upsert([
      withMetadata({ size: 1.5, code: 7 }),
      withMetadata({ size: 'large', code: true }),
    ])
    expect(types()).toMatchObject({ size: 'float', code: 'keyword' })
    expect(await store.count(above(1.2))).toBe(2)
    expect((await searched(store, above(1.2))).found).toBe(2)
    expect((await searched(store, value('size', 2))).found).toBe(1)
    expect(await store.facets('code', 5)).toEqual([
      { value: 'a', count: 2 },
      { value: 7, count: 1 },
      { value: true, count: 1 },
    ])
    // Another server knows of it, too.
    expect(await (await open()).facets('code', 5)).toHaveLength(3)
  })

  test('that metadata edits bring are indexed as well', async () => {
    const store = await open()
    const fox = withMetadata({})
    await store.upsert([fox])
    await store.setMetadata(fox.id, { late: 'x' })
    expect(types()).toMatchObject({ late: 'keyword' })
    expect(await searched(store, value('late', 'x'))).toEqual(byAcorn(1))
  })

  test('leave those of QDRANT_INDEXES as they are', async () => {
    const store = await open({ settings: { indexes: { year: 'integer' } } })
    await store.upsert([withMetadata({ year: 1.5 }), withMetadata({ year: 'MMXXVI' })])
    expect(types()).toMatchObject({ year: 'integer' })
  })

  test('have a bound, which health tells', async () => {
    const store = await open()
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`key-${at}`, at]))
    await store.upsert([withMetadata(many)])
    expect(Object.keys(types())).toHaveLength(64 + 4)
    expect(await searched(store, value('key-69', 69))).toEqual(byAcorn(1))
    expect((await store.health()).detail).toMatch(
      /6 metadata keys more than the 64.*QDRANT_INDEXES/,
    )
  })

  test('that the server will not index are searched all the same, which health tells', async () => {
    const store = await open()
    await store.upsert([withMetadata({ a: 1 })])
    images().maxIndexes = images().indexes.all.size
    await store.upsert([withMetadata({ b: 1 })])
    await store.upsert([withMetadata({ b: 2 })])
    expect(await searched(store, value('b', 2))).toEqual(byAcorn(1))
    expect((await store.health()).detail).toMatch(/would not index: b .*maximum number/)
    const asked = qdrant.requests.filter(
      ({ body }) => (body as { field_name?: string })?.field_name === 'b',
    )
    expect(asked).toHaveLength(1)
  })

  test('are found by their own URI without an index', async () => {
    const store = await open()
    const fox = withMetadata({})
    await store.upsert([fox, withMetadata({})])
    expect(await searched(store, value('image_uri', fox.imageUri))).toEqual(byAcorn(1))
    expect(
      await store.count({
        must: [{ key: 'image_uri', match: { any: [fox.imageUri, ` ${fox.imageUri}`] } }],
      }),
    ).toBe(1)
  })
})

describe('a key that appears later', () => {
  test('goes to ACORN until the graph was rebuilt with its index', async () => {
    const store = await open({ upkeepMs: 5 })
    await store.upsert([withMetadata({ a: 'x' })])
    images().rebuilding = 0
    await store.upsert([withMetadata({ b: 'y' })])
    expect(await searched(store, value('b', 'y'))).toEqual(byAcorn(1))
    expect((await store.health()).detail).toMatch(/graph is older than the indexes of b:.*rebuilt/)
    await vi.waitFor(async () => expect(await searched(store, value('b', 'y'))).toEqual(linked(1)))
    const { hnsw_config: hnsw, metadata } = images().info().config
    expect(hnsw.ef_construct).toBe(101)
    expect(metadata).toEqual({
      lookalike: { embedder: library.embedderId, indexed: true, words: true },
      'lookalike:a': { type: 'keyword', own: true },
      'lookalike:b': { type: 'keyword', own: true },
    })
    expect((await store.health()).detail).not.toMatch(/older/)
  })

  test('has the graph rebuilt by whichever server is there', async () => {
    const first = await open()
    await first.upsert([withMetadata({ a: 'x' })])
    await first.upsert([withMetadata({ b: 'y' })])
    await first.close()
    const second = await open({ upkeepMs: 5 })
    expect(await searched(second, value('b', 'y'))).toEqual(byAcorn(1))
    await vi.waitFor(async () => expect(await searched(second, value('b', 'y'))).toEqual(linked(1)))
  })

  test('is not worth a new graph while few records have it', async () => {
    const store = await open({ upkeepMs: 5 })
    await store.upsert(Array.from({ length: 60 }, () => withMetadata({ a: 'x' })))
    await store.upsert([withMetadata({ b: 'y' })])
    const looks = () => qdrant.requests.filter(({ path }) => path === '/collections/images').length
    const before = looks()
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(before + 5))
    expect(images().info().config.hnsw_config.ef_construct).toBe(100)
    await store.upsert([
      withMetadata({ b: 'y' }),
      withMetadata({ b: 'y' }),
      withMetadata({ b: 'z' }),
    ])
    await vi.waitFor(async () => expect(await searched(store, value('b', 'y'))).toEqual(linked(3)))
  })
})

describe('a collection of', () => {
  const point = (metadata: object) => {
    const { id, vector, imageUri } = withMetadata({})
    return {
      id,
      vector: [...vector],
      payload: { image_uri: imageUri, description: '', ...metadata } as never,
    }
  }

  test('another program is searched with ACORN, and its indexes and graph are left alone', async () => {
    qdrant.engine.create('images', { vectors: { size: 8, distance: 'Cosine' } })
    images().index({ field_name: 'type', field_schema: 'keyword' })
    images().upsert({ points: [point({ type: 'a' })] })
    const store = await open({ upkeepMs: 5, settings: { indexes: { asked: 'keyword' } } })
    expect(await searched(store, value('type', 'a'))).toEqual(byAcorn(1))
    expect((await store.health()).detail).toMatch(/Another program made it: .*ACORN/)
    await store.upsert([withMetadata({ type: 'a', own: 1, asked: 'x' })])
    expect(await searched(store, value('type', 'a'))).toEqual(byAcorn(2))
    expect(await searched(store, value('own', 1))).toEqual(byAcorn(1))
    expect(Object.keys(types()).toSorted()).toEqual([
      'asked',
      'lookalike.indexed_at',
      'lookalike.phash_bands',
      'lookalike.sha256',
      'lookalike.words',
      'type',
    ])
    expect(await searched(store, value('asked', 'x'))).toEqual(byAcorn(1))
    await sleep(100)
    const { hnsw_config: hnsw, metadata } = images().info().config
    expect(hnsw.ef_construct).toBe(100)
    expect(Object.keys(metadata)).toEqual(['lookalike'])
  })

  test('an older Lookalike gets its words when it is looked at, and what is written meanwhile keeps its own', async () => {
    const metadata = { lookalike: { embedder: library.embedderId, indexed: true } }
    qdrant.engine.create('images', { vectors: { size: 8, distance: 'Cosine' }, metadata })
    const lookalike = { embedder: library.embedderId }
    const older = Array.from({ length: 300 }, () => point({ description: 'Two foxes', lookalike }))
    images().upsert({ points: older })
    const store = await open()
    await store.upsert([record('fox', { description: 'A red fox' })])
    const foxes = { must: [withWords(allWords('fox').map((word) => [[word]]))] }
    await vi.waitFor(() =>
      expect(images().info().config.metadata).toMatchObject({ lookalike: { words: true } }),
    )
    expect(await store.count(foxes)).toBe(301)
    expect(await store.count({ must: [withWords(allWords('red').map((word) => [[word]]))] })).toBe(
      1,
    )
    expect((await store.get([String(older[0]!.id)]))[0]!.embedderId).toBe(library.embedderId)
  })

  test('an older Lookalike gets its indexes and its graph with the next write', async () => {
    const metadata = { lookalike: { embedder: library.embedderId } }
    qdrant.engine.create('images', { vectors: { size: 8, distance: 'Cosine' }, metadata })
    images().index({ field_name: 'explicit', field_schema: 'keyword' })
    images().upsert({ points: [point({ type: 'a' }), point({ explicit: 'b' })] })
    const settings = { indexes: { explicit: 'keyword' } } as const
    const store = await open({ upkeepMs: 5, settings })
    expect(await searched(store, value('type', 'a'))).toEqual(byAcorn(1))
    expect(await searched(store, value('explicit', 'b'))).toEqual(byAcorn(1))
    await store.upsert([withMetadata({})])
    expect(types()).toMatchObject({ type: 'keyword' })
    await vi.waitFor(async () => {
      expect(await searched(store, value('type', 'a'))).toEqual(linked(1))
      expect(await searched(store, value('explicit', 'b'))).toEqual(linked(1))
    })
  })
})
