import type { ImagePage, ImageRecord, Problem } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let id: string
/** The one record as an export has it. */
let line: string
beforeAll(async () => {
  server = await startServer()
  const { body } = await server.index(await jpeg(1), { image_uri: 'https://example.org/a' })
  id = body.id
  const exported = await (await fetch(`${server.url}/api/export`)).text()
  line = exported.split('\n')[0]!
})
afterAll(() => server.stop())

/** Every way in which metadata comes: JSON text in, and what was answered. */
const doors: Record<string, (metadata: string) => Promise<{ status: number; body: Problem }>> = {
  'index, a form': async (metadata) => {
    const fields = { image_uri: 'https://example.org/a', metadata }
    return server.index(await jpeg(1), fields)
  },
  'PATCH, a JSON body': (metadata) =>
    getJson(`${server.url}/api/images/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: `{"metadata":${metadata}}`,
    }),
  'import, a line': (metadata) =>
    getJson(`${server.url}/api/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: line.replace('"metadata":{}', `"metadata":${metadata}`),
    }),
}

/** JSON that cannot be kept, and the path that the answer names. */
const refused: [string, string][] = [
  ['{"n":1e400}', 'metadata.n'],
  ['{"n":-1e999}', 'metadata.n'],
  ['{"n":1e-400}', 'metadata.n'],
  [`{"n":0.${'0'.repeat(290)}1e-40}`, 'metadata.n'],
  ['{"post":1546130668394913822}', 'metadata.post'],
  ['{"a":{"b":[0,9007199254740993]}}', 'metadata.a.b.1'],
  ['{"n":-9007199254740993}', 'metadata.n'],
  ['{"n":123456789012345678901.5}', 'metadata.n'],
  ['{"__proto__":{"x":1}}', 'metadata.__proto__'],
  ['{"a":[{"__proto__":1}]}', 'metadata.a.0.__proto__'],
  ['{"a":"\\ud800"}', 'metadata.a'],
  ['{"a":["\\udc00x"]}', 'metadata.a.0'],
  ['{"\\ud83d":1}', 'metadata.'],
  ['{"a":"x\\u0000y"}', 'metadata.a'],
  ['{"a\\u0000":1}', 'metadata.a'],
]

const kept = [
  '{"n":9007199254740991,"m":-9007199254740991}',
  '{"n":9007199254740992,"avogadro":6.02e23,"large":1.7976931348623157e308}',
  '{"small":5e-324,"float":0.30000000000000004,"zero":0.0}',
  '{"constructor":{"prototype":1},"toString":2,"hasOwnProperty":3}',
  '{"emoji":"😀","😀":"é","tab":"\\t","e\\u0301":"\\u0001"}',
  '{"":{"":[]},"null":null,"nested":[[[{}]]]}',
]

describe.each(Object.entries(doors))('%s', (_, send) => {
  test.each(refused)('refuses %s and names %s', async (metadata, path) => {
    const { status, body } = await send(metadata)
    expect([status, body.code], body.detail).toEqual([400, 'invalid_parameter'])
    expect(body.detail).toContain(path)
  })

  test.each(kept)('keeps %s as it was given', async (metadata) => {
    expect((await send(metadata)).status).toBe(200)
    const { body } = await getJson<ImageRecord>(`${server.url}/api/images/${id}`)
    expect(body.metadata).toEqual(JSON.parse(metadata))
    expect(Object.keys(body.metadata)).toEqual(Object.keys(JSON.parse(metadata) as object))
  })
})

test('text that a record keeps is refused likewise', async () => {
  const withNul = await server.index(await jpeg(1), { description: 'a\0b' })
  expect(withNul.body).toMatchObject({
    status: 400,
    detail: expect.stringMatching(/^description: /),
  })
  const uri = await server.index(await jpeg(1), { image_uri: 'https://example.org/\0' })
  expect(uri.body).toMatchObject({ status: 400, detail: expect.stringMatching(/^image_uri: /) })
})

describe('a JSON body', () => {
  const patch = (body: BodyInit, type = 'application/json') =>
    getJson<ImageRecord>(`${server.url}/api/images/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': type },
      body,
    })

  test('may begin with a byte order mark, and name its charset', async () => {
    expect((await patch('\ufeff{"metadata":{"a":1}}')).body.metadata).toEqual({ a: 1 })
    const named = await patch('{"metadata":{"a":2}}', 'application/json; charset=utf-8')
    expect(named.body.metadata).toEqual({ a: 2 })
  })

  test('that is not UTF-8, or no JSON, is refused and says so', async () => {
    const latin1 = await patch(Buffer.from('{"metadata":{"a":"é"}}', 'latin1'))
    expect(latin1.body).toMatchObject({ status: 400, detail: expect.stringContaining('UTF-8') })
    const cut = await patch('{"metadata":')
    expect(cut.body).toMatchObject({ status: 400, detail: expect.stringContaining('must be JSON') })
  })
})

test('what is refused is nowhere afterwards: facts say what the record says', async () => {
  const filter = encodeURIComponent('{"must":[{"key":"n","range":{"gt":5}}]}')
  const { body } = await getJson<ImagePage>(`${server.url}/api/images?filter=${filter}`)
  for (const { metadata } of body.images) expect(metadata['n']).toBeGreaterThan(5)
})
