import { createClient, type Client, type ListOptions } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

const qdrant = await new FakeQdrant().start()
afterAll(() => qdrant.stop())

const settings = {
  embedded: {},
  qdrant: { STORE: 'qdrant', QDRANT_URL: qdrant.url },
}

describe.each(Object.entries(settings))('lists of a library in %s', (_name, env) => {
  let server: TestServer
  let client: Client
  beforeAll(async () => {
    server = await startServer(env)
    client = createClient({ baseUrl: server.url })
    for (const [seed, name] of ['Harz', 'Brocken', 'harz-2', 'fox'].entries()) {
      const fields = { image_uri: `https://example.org/${name}.jpg`, metadata: `{"n":${seed}}` }
      await server.index(await jpeg(seed), fields)
    }
  })
  afterAll(() => server.stop())

  const names = async (options: ListOptions) => {
    const { images, total } = await client.list(options)
    return { names: images.map(({ image_uri }) => image_uri.slice(20, -4)), total }
  }

  test('newest first, oldest first, and how many there are', async () => {
    const newest = ['fox', 'harz-2', 'Brocken', 'Harz']
    expect(await names({ sort: 'newest', total: true })).toEqual({ names: newest, total: 4 })
    expect(await names({ sort: 'oldest' })).toEqual({ names: newest.toReversed() })
    const filter = { must: [{ key: 'n', range: { lt: 2 } }] }
    const some = await names({ sort: 'oldest', filter, total: true, limit: 1 })
    expect(some).toEqual({ names: ['Harz'], total: 2 })
  })

  test('by a text, in any case, with a filter', async () => {
    expect(await names({ q: 'HARZ', sort: 'newest', total: true })).toEqual({
      names: ['harz-2', 'Harz'],
      total: 2,
    })
    const filter = { must: [{ key: 'n', match: { value: 0 } }] }
    expect(await names({ q: 'harz', filter, total: true })).toEqual({ names: ['Harz'], total: 1 })
    expect(await names({ q: '100 %', total: true })).toEqual({ names: [], total: 0 })
  })

  test('the outline is the list, and leads to the thumbnails', async () => {
    const { images } = await client.list({ sort: 'newest' })
    const first = await client.outline({ sort: 'newest', limit: 3, total: true })
    const rest = await client.outline({ sort: 'newest', cursor: first.next_cursor! })
    expect([first.total, rest.next_cursor, rest.total]).toEqual([4, null, undefined])
    expect([...first.ids, ...rest.ids]).toEqual(images.map(({ id }) => id))
    expect([...first.thumbhashes, ...rest.thumbhashes]).toEqual(
      images.map(({ thumbhash }) => thumbhash),
    )
    expect([first.widths, first.heights]).toEqual([
      [320, 320, 320],
      [240, 240, 240],
    ])
    const link = `${server.url}/api/images/${first.ids[0]}/thumbnail?v=${first.versions[0]}`
    expect(link).toBe(images[0]!.thumbnail_url)
  })

  test.each(['sort=size', 'limit=10001', 'cursor=~~', 'total=maybe'])(
    'refuses %s',
    async (query) => {
      const answer = await getJson(`${server.url}/api/images/outline?sort=newest&${query}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_parameter'])
    },
  )
})
