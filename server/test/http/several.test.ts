import { createClient, type Client, type Metadata } from '@lookalike/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { sendJson, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: Client
const unknown = '00000000-0000-4000-8000-000000000000'

const qdrant = await new FakeQdrant().start()
afterAll(() => qdrant.stop())

test.each([
  ['embedded', {}],
  ['qdrant', { STORE: 'qdrant', QDRANT_URL: qdrant.url }],
])('a change is merged into the metadata of each, and several go at once (%s)', async (_, env) => {
  const here = await startServer(env)
  const sdk = createClient({ baseUrl: here.url })
  const add = async (seed: number, metadata: Metadata) => {
    const { body } = await here.index(await jpeg(seed), { metadata: JSON.stringify(metadata) })
    return body.id
  }
  const first = await add(1, { album: 'Harz', draft: true, camera: { make: 'x', lens: 'y' } })
  const second = await add(2, { album: 'Brocken', camera: 3 })
  const patch = { album: 'Brocken', draft: null, camera: { lens: 'z' }, tags: ['a'] }
  expect((await sdk.patchMetadata([second, unknown, first, second], patch)).images).toEqual([
    {
      id: second,
      outcome: 'updated',
      metadata: { album: 'Brocken', camera: { lens: 'z' }, tags: ['a'] },
    },
    { id: unknown, outcome: 'missing', metadata: null },
    {
      id: first,
      outcome: 'updated',
      metadata: { album: 'Brocken', camera: { make: 'x', lens: 'z' }, tags: ['a'] },
    },
  ])
  const again = await sdk.patchMetadata([first], patch)
  expect(again.images[0]!.outcome).toBe('unchanged')
  expect((await sdk.get(first)).metadata).toEqual(again.images[0]!.metadata)
  const { sha256 } = await sdk.get(first)
  expect((await sdk.removeMany([first, unknown])).images).toEqual([
    { id: first, outcome: 'deleted' },
    { id: unknown, outcome: 'missing' },
  ])
  expect((await sdk.list()).images.map(({ id }) => id)).toEqual([second])
  expect(await here.services.deps.files.size('original', sha256!)).toBeNull()
  await here.stop()
})

beforeAll(async () => {
  server = await startServer()
  client = createClient({ baseUrl: server.url })
})
afterAll(() => server.stop())

test('no key is special, and changes at the same time are all kept', async () => {
  const { body } = await server.index(await jpeg(3))
  await client.patchMetadata([body.id], { constructor: 'b' })
  await Promise.all([1, 2, 3].map((n) => client.patchMetadata([body.id], { [`k${n}`]: n })))
  expect((await client.get(body.id)).metadata).toEqual({
    constructor: 'b',
    k1: 1,
    k2: 2,
    k3: 3,
  })
})

test.each([
  [{ ids: [], metadata: {} }],
  [{ ids: ['x'], metadata: {} }],
  [{ ids: Array.from({ length: 1001 }, () => unknown), metadata: {} }],
  [{ ids: [unknown], metadata: [] }],
  [{ ids: [unknown] }],
])('refuses what is none %#', async (body) => {
  const answer = await sendJson('PATCH', `${server.url}/api/images`, body)
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid_parameter'])
})
