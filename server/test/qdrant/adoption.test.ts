import { createHash } from 'node:crypto'
import type { ImageRecord, Info } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { getHealth, getJson, startServer, type TestServer } from '../support/server.ts'

let openai: FakeOpenAi
let qdrant: FakeQdrant
const servers: TestServer[] = []
beforeEach(async () => {
  openai = await startFakeOpenAi()
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  expect(qdrant.violations).toEqual([])
  await qdrant.stop()
  await openai.stop()
})

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer({
    QDRANT_URL: qdrant.url,
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: openai.url,
    ...env,
  })
  servers.push(server)
  return server
}

// What the other program indexed: each with the metadata that it had at hand.
const theirs = [
  {
    image_uri: 'gs://zoo/fox.jpg',
    description: 'A red fox in deep snow.',
    type: 'photo',
    gcs_url: 'gs://zoo/fox.jpg',
  },
  {
    image_uri: 'http://example.org/duck_flat.png',
    description: 'A yellow duck, drawn flat.',
    type: 'drawing',
    style: { name: 'flat' },
    public_url: 'https://example.org/duck.png',
  },
  { image_uri: 'urn:example:owl', description: 'An owl at night.', type: 'photo' },
]

/** A program that is not Lookalike, with nothing but HTTP and the rule that ids are made by. */
async function fill(distance = 'Cosine', dimensions = 1536): Promise<void> {
  const call = async (method: string, url: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method, headers, body: JSON.stringify(body) })
    expect(response.status).toBe(200)
    return (await response.json()) as { data: { embedding: number[] }[] }
  }
  const collection = `${qdrant.url}/collections/images`
  await call('PUT', collection, { vectors: { size: dimensions, distance } })
  for (const payload of theirs) {
    const { description: input, image_uri: uri } = payload
    const request = { model: 'text-embedding-3-large', input, dimensions }
    const { data } = await call('POST', `${openai.url}/embeddings`, request)
    const points = [{ id: idOf(uri), vector: data[0]!.embedding, payload }]
    await call('PUT', `${collection}/points?wait=true`, { points })
  }
  qdrant.requests.length = 0
}

function idOf(uri: string): string {
  const hex = createHash('sha256').update(uri.trim()).digest('hex')
  return [8, 12, 16, 20, 32].map((end, at) => hex.slice([0, 8, 12, 16, 20][at], end)).join('-')
}

/** Requests that could have altered anything. */
const writes = () =>
  qdrant.requests.filter(
    ({ method, path }) =>
      method !== 'GET' && !/\/points(\/(query|scroll|count))?$|\/facet$/.test(path),
  )

describe('a collection that another program filled', () => {
  test('is searched, listed and filtered unchanged', async () => {
    await fill()
    const before = JSON.stringify([...qdrant.engine.collection('images').points.values()])
    const server = await start()
    openai.behave({ describe: () => ({ content: 'A yellow duck, drawn flat.' }) })
    const { status, body } = await server.search(await jpeg(1), { limit: '3' })
    expect(status).toBe(200)
    expect(body.results).toHaveLength(3)
    const { image_uri: uri, description, ...metadata } = theirs[1]!
    expect(body.results[0]).toMatchObject({ id: idOf(uri), image_uri: uri, description, metadata })
    expect(body.results[0]!.score).toBeGreaterThan(0.9999)
    expect(body.results[1]!.score).toBeLessThan(0.2)

    const filter = JSON.stringify({ must: [{ key: 'type', match: { value: 'photo' } }] })
    const photos = await server.search(await jpeg(1), { filter })
    expect(photos.body.results.map(({ image_uri }) => image_uri).toSorted()).toEqual([
      'gs://zoo/fox.jpg',
      'urn:example:owl',
    ])
    const like = await getJson<{ results: unknown[] }>(
      `${server.url}/api/images/${idOf(uri)}/similar`,
    )
    expect([like.status, like.body.results.length]).toEqual([200, 2])
    const listed = await getJson<{ images: ImageRecord[] }>(`${server.url}/api/images`)
    expect(listed.body.images).toHaveLength(3)
    expect((await getJson<Info>(`${server.url}/api/info`)).body.images).toBe(3)
    expect((await getHealth(server.url)).body.status).toBe('ok')

    expect(writes()).toEqual([])
    const after = JSON.stringify([...qdrant.engine.collection('images').points.values()])
    expect(after).toBe(before)
  })

  test('shows its pictures where their own metadata says, and misses what it never had', async () => {
    await fill()
    const server = await start()
    const records = await Promise.all(
      theirs.map(async ({ image_uri }) => {
        const url = `${server.url}/api/images/${idOf(image_uri)}`
        return (await getJson<ImageRecord>(url)).body
      }),
    )
    expect(records.map(({ image_url }) => image_url)).toEqual([
      'https://storage.googleapis.com/zoo/fox.jpg',
      'https://example.org/duck.png',
      null,
    ])
    for (const record of records) {
      expect(record).toMatchObject({ sha256: null, width: null, embedder: null, indexed_at: null })
      const file = await fetch(`${server.url}/api/images/${record.id}/file`)
      expect(file.status).toBe(404)
    }
    expect(writes()).toEqual([])
  })

  test('takes new pictures beside the old ones when it is asked to', async () => {
    await fill()
    const server = await start()
    expect((await server.index(await jpeg(5))).status).toBe(201)
    expect((await getJson<Info>(`${server.url}/api/info`)).body.images).toBe(4)
    expect(qdrant.engine.collection('images').points.get(idOf('urn:example:owl'))?.payload).toEqual(
      theirs[2],
    )
  })
})

describe('a collection that does not fit is refused with both named, and left as it is', () => {
  test.each([
    ['of other dimensions', () => fill('Cosine', 768), {}, /768 dim.*openai:gpt-4o.*1536 dim/],
    ['of another distance', () => fill('Dot'), {}, /compared by Dot.*openai:gpt-4o.*cosine/],
    [
      'of vectors of another length than the embedder built in',
      () => fill(),
      { EMBEDDER: 'visual' },
      /another program with 1536 dimensions.*visual:/,
    ],
  ])('%s', async (_, prepare, env, message) => {
    await prepare()
    await expect(start(env)).rejects.toThrow(message)
    expect(writes()).toEqual([])
  })
})

test('a collection of another embedder with vectors of the same length goes on with that one', async () => {
  const first = await start()
  await first.index(await jpeg(1))
  qdrant.requests.length = 0
  const second = await start({ OPENAI_VISION_MODEL: 'gpt-5' })
  const { body } = await getHealth(second.url)
  expect(body.checks.embedder!.detail).toMatch(
    /openai:gpt-4o\/text-embedding-3-large@1536.*openai:gpt-5\/text-embedding-3-large@1536.*reindex/,
  )
  expect(writes()).toEqual([])
})
