import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { withWords } from '../../src/records/terms.ts'
import { allWords } from '../../src/words/asked.ts'
import { leaning, library, record } from '../conformance/stores/fixtures.ts'
import { filterDocument } from '../../src/records/filter.ts'
import { recordId } from '../../src/records/record-id.ts'
import type { CollectionSettings } from '../../src/stores/qdrant/options.ts'
import { openQdrantStore } from '../../src/stores/qdrant/store.ts'

let qdrant: FakeQdrant
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  await qdrant.stop()
  expect(qdrant.violations).toEqual([])
})

const open = (settings: Partial<CollectionSettings> = {}) =>
  openQdrantStore({ url: qdrant.url, collection: 'images', settings }, library)

describe('a collection that another program filled', () => {
  const uri = 'http://example.org/book/duck_flat.png'
  const theirs = {
    id: recordId(uri),
    vector: [...leaning(0, 0.2)],
    payload: {
      image_uri: uri,
      description: 'A duck',
      type: 'output',
      style: { name: 'flat' },
      public_url: 'https://example.org/duck.png',
      size: 2 ** 60,
    },
  }
  const { image_uri: _uri, description: _description, ...metadata } = theirs.payload
  const adopted = {
    id: theirs.id,
    imageUri: uri,
    description: 'A duck',
    metadata,
    file: null,
    embedderId: null,
    indexedAt: null,
  }
  const changes = () =>
    qdrant.requests
      .filter(({ method, path }) => ['PUT', 'PATCH'].includes(method) || path.endsWith('delete'))
      .map(({ method, template }) => `${method} ${template}`)

  beforeEach(() => {
    qdrant.engine.create('images', { vectors: { size: 8, distance: 'Cosine' } })
    qdrant.engine.collection('images').upsert({ points: [theirs] })
  })

  test('is searched, listed, filtered and counted as it is', async () => {
    const store = await open()
    const [hit] = await store.search({ vector: leaning(0, 0), limit: 5 })
    expect(hit).toEqual({ record: adopted, score: expect.closeTo(0.95106, 5) as number })
    expect(await store.get([theirs.id])).toEqual([adopted])
    expect(await store.list({ limit: 5 })).toEqual({ records: [adopted], nextCursor: null })
    expect(await store.count({ must: [{ key: 'style.name', match: { value: 'flat' } }] })).toBe(1)
    expect(await store.count({ must: [{ is_empty: { key: 'lookalike' } }] })).toBe(1)
    expect(await store.facets('type', 5)).toEqual([{ value: 'output', count: 1 }])
    expect(await store.findByContentHash(['0'.repeat(64)])).toEqual([])
    expect((await store.health()).status).toBe('ok')
    const words = { must: [withWords(allWords('duck').map((word) => [[word]]))] }
    expect(await store.count(words)).toBe(1)
    expect(changes()).toEqual([])
  })

  test('keeps its form when its metadata is edited, and loses no more than is deleted', async () => {
    const store = await open()
    await store.setMetadata(theirs.id, { type: 'input' })
    expect(qdrant.engine.collection('images').points.get(theirs.id)?.payload).toEqual({
      image_uri: uri,
      description: 'A duck',
      type: 'input',
    })
    await store.delete([theirs.id])
    expect(changes()).toEqual([
      'PUT /collections/{collection_name}/points/payload',
      'POST /collections/{collection_name}/points/delete',
    ])
  })

  test('becomes this library with the first image indexed into it', async () => {
    const store = await open()
    await store.upsert([record('fox')])
    expect(await store.count()).toBe(2)
    expect(await store.findByContentHash([record('fox').file!.sha256])).toHaveLength(1)
    const { config, payload_schema: schema } = qdrant.engine.collection('images').info()
    expect(config.metadata).toEqual({
      lookalike: { embedder: library.embedderId, adopted: true },
    })
    expect(schema).toMatchObject({ 'lookalike.sha256': { data_type: 'keyword' } })
    const options = { url: qdrant.url, collection: 'images' }
    const other = openQdrantStore(options, { ...library, embedderId: 'other@8' })
    await expect(other).rejects.toMatchObject({ code: 'embedder_mismatch' })
  })

  test('may number its points, and leave out what it does not know', async () => {
    const numbered = [5, 20, 3].map((id) => ({ id, vector: [...leaning(1, 0)] }))
    qdrant.engine.collection('images').upsert({ points: numbered })
    const store = await open()
    const first = await store.list({ limit: 2 })
    const second = await store.list({ limit: 2, cursor: first.nextCursor! })
    const ids = [...first.records, ...second.records].map(({ id }) => id)
    expect(ids).toEqual(['3', '5', '20', theirs.id])
    expect(await store.get(['20'])).toEqual([
      {
        ...adopted,
        id: '20',
        imageUri: 'urn:qdrant-point:20',
        description: '',
        metadata: {},
      },
    ])
    expect(await store.delete(['20', '21'])).toBe(1)
  })
})

const fitting = { size: 8, distance: 'Cosine' }

test.each<[string, object, RegExp]>([
  ['of other dimensions', { ...fitting, size: 4 }, /4 dimensions.*contract:test@8.* 8 dim/],
  ['compared otherwise', { ...fitting, distance: 'Dot' }, /compared by Dot.*compared by cosine/],
  ['without vectors', {}, /with no vectors/],
  [
    'with a named vector that does not fit',
    { image: { ...fitting, size: 4 } },
    /4 dim.*vector image/,
  ],
  [
    'with two that fit',
    { a: fitting, b: fitting },
    /several vectors that fit \(a, b\).*QDRANT_VECTOR_N/,
  ],
  ['kept as uint8', { ...fitting, datatype: 'uint8' }, /kept as uint8, which destroys.*float16/],
  ['kept as turbo4', { ...fitting, datatype: 'turbo4' }, /kept as turbo4/],
  [
    'of several vectors a point',
    { ...fitting, multivector_config: { comparator: 'max_sim' } },
    /multivector_config/,
  ],
])('a collection %s is refused, untouched', async (_, vectors, message) => {
  qdrant.engine.create('images', { vectors: vectors as never })
  await expect(open()).rejects.toMatchObject({
    code: 'embedder_mismatch',
    status: 409,
    message: expect.stringMatching(message) as string,
  })
  expect(qdrant.requests.map(({ method }) => method)).toEqual(['GET', 'GET'])
})

describe('a server whose collections are strict', () => {
  const byType = { must: [{ key: 'type', match: { value: 'animal' } }] }
  beforeEach(() => {
    qdrant.engine.strict = true
  })

  test('filters a collection made here by any key', async () => {
    const store = await open()
    await store.upsert([record('fox', { metadata: { type: 'animal' } })])
    expect(await store.count(byType)).toBe(1)
    expect(await store.setMetadata(record('fox').id, {})).toBe(true)
  })

  test('filters an adopted one by the keys it has indexes for, and says so', async () => {
    qdrant.engine.create('images', { vectors: { size: 8, distance: 'Cosine' } })
    const store = await open({ indexes: { type: 'keyword' } })
    expect(await store.findByContentHash([record('fox').file!.sha256])).toEqual([])
    await expect(store.count(byType)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/strict mode.*"type".*QDRANT_INDEXES/) as string,
    })
    await store.upsert([record('fox', { metadata: { type: 'animal' } })])
    expect(await store.count(byType)).toBe(1)
    expect(await store.findByContentHash([record('fox').file!.sha256])).toHaveLength(1)
    expect(await store.setMetadata(record('fox').id, {})).toBe(true)
  })
})

describe('metadata set while the image changes', () => {
  const before = record('fox', { metadata: { old: true } })
  // Does something to the collection just before the next change of a payload reaches it.
  const meanwhile = (act: () => void) => {
    const images = qdrant.engine.collection('images')
    const overwrite = images.overwrite.bind(images)
    images.overwrite = (body) => {
      images.overwrite = overwrite
      act()
      overwrite(body)
    }
  }

  test('goes to the newer record', async () => {
    const store = await open()
    await store.upsert([before])
    const after = { ...before, description: 'Newer', file: record('other').file }
    meanwhile(() => {
      const { id, vector } = after
      const points = [{ id, vector: [...vector], payload: filterDocument(after) }]
      qdrant.engine.collection('images').upsert({ points })
    })
    expect(await store.setMetadata(before.id, { new: true })).toBe(true)
    expect(await store.get([before.id])).toMatchObject([
      { description: 'Newer', file: after.file, metadata: { new: true } },
    ])
  })

  test('goes nowhere when the record is deleted', async () => {
    const store = await open()
    await store.upsert([before])
    meanwhile(() => qdrant.engine.collection('images').delete({ points: [before.id] }))
    expect(await store.setMetadata(before.id, { new: true })).toBe(false)
    expect(await store.count()).toBe(0)
  })
})

describe('settings', () => {
  const created = async (settings: Partial<CollectionSettings>) => {
    await (await open(settings)).upsert([record('fox')])
    return qdrant.engine.collection('images').info()
  }
  const searched = () => {
    const { query, body } = qdrant.requests.findLast(({ path }) => path.endsWith('/query'))!
    return { consistency: query.get('consistency'), params: (body as { params: object }).params }
  }

  test('by default are those of Qdrant', async () => {
    const { config, payload_schema: schema } = await created({})
    expect(config.params).toEqual({
      vectors: { size: 8, distance: 'Cosine', on_disk: false },
      replication_factor: 1,
      write_consistency_factor: 1,
    })
    expect(config.hnsw_config).toMatchObject({ m: 16, ef_construct: 100 })
    expect(config).not.toHaveProperty('quantization_config')
    expect(Object.keys(schema)).toEqual([
      'lookalike.sha256',
      'lookalike.phash_bands',
      'lookalike.indexed_at',
      'lookalike.words',
    ])
    await (await open()).search({ vector: leaning(0, 0), limit: 1 })
    expect(searched()).toEqual({ consistency: '1', params: {} })
  })

  test('for a cluster reach the collection and each search', async () => {
    const settings = {
      shardNumber: 6,
      replicationFactor: 2,
      writeConsistencyFactor: 2,
      readConsistency: 'majority',
      onDisk: true,
      hnsw: { m: 32, efConstruct: 256 },
      searchEf: 200,
      quantization: 'scalar',
      oversampling: 3,
    } as const
    const { config } = await created(settings)
    expect(config.params).toEqual({
      vectors: { size: 8, distance: 'Cosine', on_disk: true },
      shard_number: 6,
      replication_factor: 2,
      write_consistency_factor: 2,
    })
    expect(config.hnsw_config).toMatchObject({ m: 32, ef_construct: 256 })
    expect(config.quantization_config).toEqual({
      scalar: { type: 'int8', quantile: 0.99, always_ram: true },
    })
    await (await open(settings)).search({ vector: leaning(0, 0), limit: 1 })
    expect(searched()).toEqual({
      consistency: 'majority',
      params: { hnsw_ef: 200, quantization: { rescore: true, oversampling: 3 } },
    })
  })

  test('binary quantization is scored again with full vectors', async () => {
    const { config } = await created({ quantization: 'binary' })
    expect(config.quantization_config).toEqual({ binary: { always_ram: true } })
    await (await open({ quantization: 'binary' })).search({ vector: leaning(0, 0), limit: 1 })
    expect(searched().params).toEqual({ quantization: { rescore: true, oversampling: 2 } })
  })

  test('a key whose index has all of its values is counted by the engine, another by walking', async () => {
    const settings = { indexes: { category: 'keyword', year: 'integer' } } as const
    const store = await open(settings)
    const all = ['a', 'b', 'b'].map((category, index) =>
      record(`f-${index}`, {
        metadata: {
          category,
          year: 2000 + (index % 2),
          style: category,
          size: index === 0 ? 1.5 : 2.5,
        },
      }),
    )
    await store.upsert(all)
    const calls = async (key: string) => {
      const before = qdrant.requests.length
      const found = await store.facets(key, 1)
      const paths = qdrant.requests.slice(before).map(({ path }) => path)
      return { found, engine: paths.includes('/collections/images/facet') }
    }
    const mostly = (value: string | number) => [{ value, count: 2 }]
    expect(await calls('category')).toEqual({ found: mostly('b'), engine: true })
    expect(await calls('year')).toEqual({ found: mostly(2000), engine: true })
    expect(await calls('style')).toEqual({ found: mostly('b'), engine: true })
    expect(await calls('size')).toEqual({ found: mostly(2.5), engine: false })
    await store.upsert([record('f-3', { metadata: { style: 7 } })])
    expect(await calls('style')).toEqual({ found: mostly('b'), engine: false })
  })
})
