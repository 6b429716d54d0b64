import { afterEach, beforeEach, expect, test } from 'vitest'
import { openQdrantStore } from '../../src/stores/qdrant/store.ts'
import { leaning, library, record } from '../conformance/stores/fixtures.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'

let qdrant: FakeQdrant
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  await qdrant.stop()
  expect(qdrant.violations).toEqual([])
})

const open = () => openQdrantStore({ url: qdrant.url, collection: 'images' }, library)

test('no answer is asked for in gzip, which Qdrant sends in chunks that wait 40 ms for each other', async () => {
  const store = await open()
  const fox = record('fox', { metadata: { type: 'a' } })
  await store.upsert([fox])
  await store.search({ vector: leaning(0, 0), limit: 1 })
  await store.get([fox.id])
  await store.list({ limit: 1 })
  await store.facets('type', 1)
  await store.count()
  await store.setMetadata(fox.id, {})
  await store.snapshot!()
  await store.delete([fox.id])
  const encodings = qdrant.requests.map(({ headers }) => headers['accept-encoding'])
  expect(encodings.length).toBeGreaterThan(15)
  expect(new Set(encodings)).toEqual(new Set(['identity']))
  expect(qdrant.gzipped).toBe(0)
})

test('records that fill more than the 32 MB of a request travel in several', async () => {
  const store = await open()
  const large = Array.from({ length: 3 }, (_, at) =>
    record(`large-${at}`, { description: 'x'.repeat(12_000_000) }),
  )
  await store.upsert(large)
  expect(await store.count()).toBe(3)
  const writes = qdrant.requests.filter(
    ({ method, path }) => method === 'PUT' && path.endsWith('/points'),
  )
  expect(writes).toHaveLength(2)
})

test('a record that fits into no request is refused with what to do', async () => {
  const store = await open()
  const tooLarge = record('huge', { metadata: { text: 'é'.repeat(16_000_000) } })
  await expect(store.upsert([tooLarge])).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringMatching(/huge\.png has 32 MB.*30.*less metadata/) as string,
  })
})

test('a filter that fits into no request is refused with what to do', async () => {
  const store = await open()
  await store.upsert([record('fox')])
  const any = Array.from({ length: 400_000 }, (_, at) => `${at}${'x'.repeat(90)}`)
  const search = store.search({
    vector: leaning(0, 0),
    limit: 1,
    filter: { must: [{ key: 'a', match: { any } }] },
  })
  await expect(search).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringMatching(/filter has \d+ MB.*30/) as string,
  })
})
