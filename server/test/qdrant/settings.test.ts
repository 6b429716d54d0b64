import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer } from '../support/server.ts'

let qdrant: FakeQdrant
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  expect(qdrant.violations).toEqual([])
  await qdrant.stop()
})

/** Indexes a picture and searches for another: what the collection and the search were like. */
async function used(env: Record<string, string>) {
  const server = await startServer({ QDRANT_URL: qdrant.url, ...env })
  try {
    expect((await server.index(await jpeg(1), { metadata: '{"year":2026}' })).status).toBe(201)
    expect((await server.search(await jpeg(2))).status).toBe(200)
    const name = env['QDRANT_COLLECTION'] ?? 'images'
    // Beside it, a sample of the library is drawn by a query of its own.
    const searched = qdrant.requests.findLast(
      ({ path, body }) => path.endsWith('/query') && 'params' in (body as object),
    )!
    return {
      ...qdrant.engine.collection(name).info(),
      consistency: searched.query.get('consistency'),
      search: (searched.body as { params: unknown }).params,
    }
  } finally {
    await server.stop()
  }
}

test('an empty environment makes a plain collection', async () => {
  const { config, payload_schema, consistency, search } = await used({})
  expect(config.params).toMatchObject({ replication_factor: 1, write_consistency_factor: 1 })
  expect(config.params).not.toHaveProperty('shard_number')
  expect(config).not.toHaveProperty('quantization_config')
  expect(Object.keys(payload_schema).toSorted()).toEqual([
    'lookalike.indexed_at',
    'lookalike.phash_bands',
    'lookalike.sha256',
    'lookalike.words',
    'year',
  ])
  expect([consistency, search]).toEqual(['1', {}])
})

test('every QDRANT_ setting reaches the collection that is made, or each search', async () => {
  const { config, payload_schema, consistency, search } = await used({
    QDRANT_COLLECTION: 'pictures',
    QDRANT_SHARD_NUMBER: '6',
    QDRANT_REPLICATION_FACTOR: '3',
    QDRANT_WRITE_CONSISTENCY_FACTOR: '2',
    QDRANT_READ_CONSISTENCY: 'majority',
    QDRANT_ON_DISK: 'true',
    QDRANT_QUANTIZATION: 'binary',
    QDRANT_OVERSAMPLING: '4',
    QDRANT_HNSW_M: '32',
    QDRANT_HNSW_EF_CONSTRUCT: '256',
    QDRANT_SEARCH_EF: '200',
    QDRANT_INDEXES: 'category:keyword, camera.year:integer',
  })
  expect(config.params).toMatchObject({
    vectors: { on_disk: true, distance: 'Cosine' },
    shard_number: 6,
    replication_factor: 3,
    write_consistency_factor: 2,
  })
  expect(config.hnsw_config).toMatchObject({ m: 32, ef_construct: 256 })
  expect(config.quantization_config).toEqual({ binary: { always_ram: true } })
  expect(payload_schema).toMatchObject({
    category: { data_type: 'keyword' },
    'camera.year': { data_type: 'integer' },
  })
  expect(consistency).toBe('majority')
  expect(search).toEqual({ hnsw_ef: 200, quantization: { rescore: true, oversampling: 4 } })
})

test.each([
  [{ QDRANT_QUANTIZATION: 'pq' }, /QDRANT_QUANTIZATION.*none, scalar, or binary/],
  [{ QDRANT_SHARD_NUMBER: '0' }, /QDRANT_SHARD_NUMBER/],
  [{ QDRANT_READ_CONSISTENCY: 'most' }, /QDRANT_READ_CONSISTENCY/],
  [{ QDRANT_INDEXES: 'year:date' }, /'year:date' is not key:type.*keyword, integer, float, bool/],
  [
    { QDRANT_WRITE_CONSISTENCY_FACTOR: '2' },
    /QDRANT_WRITE_CONSISTENCY_FACTOR=2.*QDRANT_REPLICATION_FACTOR=1/,
  ],
])('%o is refused before anything starts', (env, message) => {
  expect(() => loadConfig(env)).toThrow(message)
})
