import type { ImageRecord, SearchResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeQdrant, type Fault } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { getHealth, getJson, startServer, type TestServer } from '../support/server.ts'

let qdrant: FakeQdrant
let server: TestServer
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  expect(await server.uploads()).toEqual([])
  expect(qdrant.violations).toEqual([])
  await server.stop()
  await qdrant.stop()
})

const uri = 'http://example.org/1'
const health = async () => {
  const { status, body } = await getHealth(server.url)
  return [status, body.status, body.checks.store.detail] as const
}

async function startWithPicture(): Promise<ImageRecord> {
  server = await startServer({ QDRANT_URL: qdrant.url })
  const { status, body } = await server.index(await jpeg(1), { image_uri: uri })
  expect(status).toBe(201)
  return body
}

async function expectUnavailable(message: RegExp): Promise<void> {
  const picture = await jpeg(1)
  const began = performance.now()
  const { status, body, headers } = await server.search(picture)
  expect(performance.now() - began).toBeLessThan(3000)
  expect([status, body.code]).toEqual([503, 'store_unavailable'])
  expect(body.detail).toMatch(message)
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
}

async function expectFound(): Promise<void> {
  const { status, body } = await server.search(await jpeg(1))
  expect([status, body.results?.[0]?.image_uri]).toEqual([200, uri])
}

test('without its database it starts, says so, and recovers without a restart', async () => {
  await qdrant.stop()
  server = await startServer({ QDRANT_URL: qdrant.url })
  await expectUnavailable(/not reachable.*docker run .*-p 6333:6333 .*qdrant\/qdrant/)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${server.url}/livez`)).status).toBe(200)
  const [status, state, detail] = await health()
  expect([status, state]).toEqual([503, 'unavailable'])
  expect(detail).toContain('docker run')
  expect((await getJson<{ images: null }>(`${server.url}/api/info`)).body.images).toBeNull()

  await qdrant.start()
  const indexed = await server.index(await jpeg(1), { image_uri: uri })
  expect(indexed.status).toBe(201)
  await expectFound()
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

describe('with its database', () => {
  test('silent: every call ends by its deadline', async () => {
    const { id } = await startWithPicture()
    const paths = [
      `/api/images/${id}`,
      `/api/images/${id}/similar`,
      `/api/images/${id}/thumbnail`,
      '/api/images?limit=5',
      '/readyz',
      '/api/health',
    ]
    const [known, unknown] = [await jpeg(1), await jpeg(2)]
    qdrant.fail({ kind: 'hang' }, 50)
    const began = performance.now()
    const answers = await Promise.all([
      ...paths.map((path) => fetch(`${server.url}${path}`)),
      server.search(known),
      server.search(unknown),
    ])
    expect(performance.now() - began).toBeLessThan(3000)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503))
    qdrant.heal()
    await expectFound()
  })

  test('slow: it is waited for, and the answer is whole', async () => {
    await startWithPicture()
    qdrant.fail({ kind: 'slow', ms: 300 }, 3)
    await expectFound()
  })

  test.for<[string, Fault, RegExp]>([
    ['failing', { kind: 'status', status: 500, error: 'oh no' }, /failed with status 500: oh no/],
    ['overloaded', { kind: 'status', status: 429 }, /asked too much/],
    ['answering by halves', { kind: 'cut' }, /broke off/],
    ['replaced by something else', { kind: 'foreign' }, /is not Qdrant.*QDRANT_URL/],
  ])('%s: once is not noticed, for good is said', async ([, fault, message]) => {
    await startWithPicture()
    qdrant.fail(fault)
    await expectFound()
    qdrant.fail(fault)
    const again = await server.index(await jpeg(2), { image_uri: 'http://example.org/2' })
    expect(again.status).toBe(201)
    qdrant.fail(fault, 50)
    await expectUnavailable(message)
    expect((await health()).slice(0, 2)).toEqual([503, 'unavailable'])
    qdrant.heal()
    await expectFound()
  })

  test('restarting: searches fail while it is away and work when it is back', async () => {
    await startWithPicture()
    await qdrant.stop()
    await expectUnavailable(/not reachable/)
    await qdrant.start()
    await expectFound()
    await qdrant.stop()
    await qdrant.start()
    expect((await server.index(await jpeg(3))).status).toBe(201)
  })

  test('robbed of its collection: says so instead of finding nothing, until it is restored', async () => {
    await startWithPicture()
    const images = qdrant.engine.collection('images')
    qdrant.engine.collections.clear()
    await expectUnavailable(/"images" was in Qdrant .* is gone.*snapshot.*restart/)
    expect((await health())[2]).toMatch(/is gone/)
    const { status, body } = await server.index(await jpeg(2))
    expect([status, body.code]).toEqual([503, 'store_unavailable'])
    qdrant.engine.collections.set('images', images)
    await expectFound()
  })
})

describe('while one of three nodes is gone and the others have not noticed', () => {
  const startWithThree = async () => {
    server = await startServer({
      QDRANT_URL: qdrant.url,
      QDRANT_REPLICATION_FACTOR: '3',
      QDRANT_WRITE_CONSISTENCY_FACTOR: '2',
      QDRANT_READ_CONSISTENCY: 'majority',
    })
    const metadata = '{"type":"animal"}'
    expect((await server.index(await jpeg(1), { image_uri: uri, metadata })).status).toBe(201)
  }

  test('searches are answered, which say that they compared fewer copies', async () => {
    await startWithThree()
    qdrant.dying = true
    const indexed = await server.search(await jpeg(1))
    const other = await server.search(await jpeg(2))
    for (const { status, body } of [indexed, other]) {
      expect(status).toBe(200)
      expect(body.coverage).toBe('one_copy')
      expect(body.results).toMatchObject([{ image_uri: uri }])
    }
    const [id] = indexed.body.results.map((result) => result.id)
    const like = await getJson<SearchResponse>(`${server.url}/api/images/${id}/similar`)
    expect([like.status, like.body.coverage]).toEqual([200, 'one_copy'])
    expect((await health())[1]).toBe('degraded')
  })

  test('searches say nothing of it once it was noticed', async () => {
    await startWithThree()
    const { body } = await server.search(await jpeg(1))
    expect(body.coverage).toBe('all')
  })
})

test('an answer says what carried the search through its filter', async () => {
  await startWithPicture()
  await server.index(await jpeg(2), { metadata: '{"type":"animal","year":2026}' })
  const walk = async (...must: object[]) => {
    const { status, body } = await server.search(await jpeg(2), {
      filter: JSON.stringify({ must }),
    })
    return [status, body.total_found, body.walk]
  }
  const type = { key: 'type', match: { value: 'animal' } }
  const year = { key: 'year', match: { value: 2026 } }
  expect(await walk()).toEqual([200, 2, 'graph'])
  expect(await walk(type, year)).toEqual([200, 1, 'acorn'])
  expect(await walk({ key: 'unknown', match: { value: 1 } })).toEqual([200, 0, 'acorn'])
})
