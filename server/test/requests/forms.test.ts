import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startWebServer } from '../fakes/web-server.ts'
import { jpeg } from '../support/pictures.ts'
import { sendRaw } from '../support/raw-http.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let picture: Buffer
beforeAll(async () => {
  server = await startServer()
  picture = await jpeg(1)
  await server.index(picture, { image_uri: 'https://example.org/1', metadata: '{"a":1}' })
})
afterAll(() => server.stop())
afterEach(async () => {
  expect(await server.uploads()).toEqual([])
})

const searchPath = '/api/images/search-similar'
const indexPath = '/api/images/index'
const multipart = 'multipart/form-data; boundary=XX'

interface Part {
  /** Its headers, without the line that ends them. */
  head: string
  body: Uint8Array | string
}

const field = (name: string, body: string, more = ''): Part => ({
  head: `Content-Disposition: form-data; name="${name}"${more}`,
  body,
})
const file = (name = 'image_file', filename = 'a.jpg'): Part => ({
  head: `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: image/jpeg`,
  body: picture,
})
const json = '\r\nContent-Type: application/json'

function bodyOf(parts: Part[], end = '--XX--\r\n'): Buffer {
  const bytes = parts.flatMap(({ head, body }) => [
    Buffer.from(`--XX\r\n${head}\r\n\r\n`),
    Buffer.from(body as Uint8Array),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...bytes, Buffer.from(end)])
}

function post(path: string, body: Uint8Array | string, type: string | null) {
  const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
  // A string would be given a type.
  return getJson<{ total_found: number; metadata: object }>(server.url + path, {
    method: 'POST',
    headers,
    body: Buffer.from(body as Uint8Array),
  })
}

describe('a form is read', () => {
  const none = '{"must":[{"key":"a","match":{"value":2}}]}'
  test.each([
    ['with fields in front of the file', () => [field('filter', none), file()]],
    ['with fields behind the file', () => [file(), field('filter', none)]],
    ['with JSON as a part of its own type', () => [field('filter', none, json), file()]],
    ['with a charset', () => [field('filter', none, `${json}; charset=UTF-8`), file()]],
    ['with JSON as a Blob', () => [field('filter', none, `; filename="blob"${json}`), file()]],
    ['with a Blob behind', () => [file(), field('filter', none, `; filename="blob"${json}`)]],
    ['with a field as a text file', () => [field('filter', none, '; filename="f.txt"'), file()]],
    ['with bytes', () => [field('filter', none, '\r\nContent-Type: application/octet-stream'), file()]], // prettier-ignore
    ['with a part of nobody', () => [field('other', 'x'), field('filter', none), file()]],
  ])('%s', async (_name, parts) => {
    const { status, body } = await post(searchPath, bodyOf(parts()), multipart)
    expect([status, body.total_found]).toEqual([200, 0])
  })

  test('with JSON metadata kept as it was written, whatever its part is called', async () => {
    for (const more of ['', json, `; filename="blob"${json}`]) {
      const parts = [file(), field('metadata', '{"b":[1,{"c":"ü"}]}', more)]
      const { status, body } = await post(indexPath, bodyOf(parts), multipart)
      expect(status).toBeLessThan(300)
      expect(body.metadata).toEqual({ b: [1, { c: 'ü' }] })
    }
  })

  test('with a picture that has no file name, and with a quoted boundary', async () => {
    const unnamed = { ...file(), head: 'Content-Disposition: form-data; name="image_file"' }
    const quoted = 'multipart/form-data; boundary="XX"; charset=utf-8'
    expect((await post(searchPath, bodyOf([unnamed]), quoted)).status).toBe(200)
  })

  test('with every optional input left blank, in forms and in addresses', async () => {
    const blank = (names: string[]) => names.map((name) => field(name, ''))
    const search = ['limit', 'score_threshold', 'filter', 'sparql', 'hide_duplicates', 'image_url']
    expect((await post(searchPath, bodyOf([file(), ...blank(search)]), multipart)).status).toBe(200)
    const index = ['image_uri', 'image_url', 'metadata', 'description']
    const indexed = await post(indexPath, bodyOf([...blank(index), file()]), multipart)
    expect(indexed.status).toBeLessThan(300)
    const { id } = (await server.index(picture, { image_uri: 'https://example.org/1' })).body
    for (const path of [
      '/api/images?limit=&cursor=&filter=',
      `/api/images/${id}/similar?limit=&score_threshold=&filter=&hide_duplicates=`,
      '/api/facets/a?limit=&filter=',
      '/api/export?cursor=&filter=',
      '/api/usage?days=',
      '/api/duplicates?limit=&cursor=',
      `/api/images/${id}/thumbnail?format=`,
    ]) {
      const { status } = await fetch(server.url + path)
      expect([path, status]).toEqual([path, 200])
    }
  })

  test('but what is deleted is never left to a blank', async () => {
    for (const query of ['filter=', 'filter={}&dry_run=', 'filter={}&dry_run']) {
      const { status } = await getJson(`${server.url}/api/images?${query}`, { method: 'DELETE' })
      expect([query, status]).toEqual([query, 400])
    }
  })

  test.each(['1e-05', '-1E+0', '.5', '0.5e0', ' 0.25 '])('score_threshold=%s', async (value) => {
    const { status } = await server.search(picture, { score_threshold: value })
    expect(status).toBe(200)
  })
})

describe('what cannot be read says what to send', () => {
  const whole = () => bodyOf([file()])
  test.each<[string, () => Uint8Array | string, string | null, number, RegExp]>([
    ['no boundary', whole, 'multipart/form-data', 400, /boundary/],
    ['an empty boundary', whole, 'multipart/form-data; boundary=', 400, /boundary|image_file/],
    ['another boundary', whole, 'multipart/form-data; boundary=YY', 400, /form|image_file/],
    ['no last boundary', () => bodyOf([file()], ''), multipart, 400, /whole/],
    ['half of it', () => whole().subarray(0, 900), multipart, 400, /whole/],
    ['the end of a header', () => whole().subarray(0, 40), multipart, 400, /whole/],
    ['a few letters', () => 'abc', multipart, 400, /form|image_file/],
    ['the picture itself', () => picture, 'image/jpeg', 415, /multipart\/form-data.*image_file/],
    ['bytes', () => picture, 'application/octet-stream', 415, /multipart\/form-data/],
    ['no type', () => picture, null, 415, /multipart\/form-data/],
    ['a type that is none', () => picture, 'nonsense', 415, /multipart\/form-data/],
    ['a form of another kind', () => 'image_url=x', 'application/x-www-form-urlencoded', 415, /multipart/], // prettier-ignore
    ['a multipart of another kind', whole, 'multipart/mixed; boundary=XX', 415, /multipart\/form-data/], // prettier-ignore
    ['nothing', () => '', multipart, 400, /image_file/],
    ['nothing at all', () => '', null, 400, /multipart\/form-data/],
  ])('%s', async (_name, body, type, status, reason) => {
    for (const path of [searchPath, indexPath]) {
      const answer = await post(path, body(), type)
      expect(answer.status, answer.body.detail).toBe(status)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(answer.body.detail).toMatch(reason)
    }
  })

  test.each([
    ['text/plain', '{"query":"fox"}', 415, /application\/json/],
    ['application/x-www-form-urlencoded', 'query=fox', 415, /application\/json/],
    ['application/xml', '<query>fox</query>', 415, /application\/json/],
    ['application/json', '{"query":', 400, /JSON/],
    ['application/json', '', 400, /must be a JSON object/],
  ])('JSON as %s: %s', async (type, body, status, reason) => {
    const answer = await post('/api/images/search-text', body, type)
    expect(answer.status).toBe(status)
    expect(answer.body.detail).toMatch(reason)
  })

  test('JSON Lines', async () => {
    const answer = await post('/api/import', '{}', 'text/csv')
    expect(answer.status).toBe(415)
    expect(answer.body.detail).toContain('application/x-ndjson')
  })

  test('text that is not UTF-8', async () => {
    const latin1 = { head: field('filter', '', json).head, body: Buffer.from('{"ü":1}', 'latin1') }
    const { status, body } = await post(searchPath, bodyOf([file(), latin1]), multipart)
    expect([status, body.detail]).toEqual([400, 'filter: is not text in UTF-8.'])
  })

  test('a field too long, also as a Blob', async () => {
    for (const more of ['', `; filename="blob"${json}`]) {
      const parts = [field('filter', 'x'.repeat(300_000), more), file()]
      const { status, body } = await post(searchPath, bodyOf(parts), multipart)
      expect([status, body.code]).toEqual([400, 'invalid_parameter'])
      expect(body.detail).toMatch(/^filter: is longer/)
    }
  })
})

describe('a body that is empty is none, whatever its type is said to be', () => {
  const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'x/y']
  const calls: [string, string, number][] = [
    ['POST', '/api/snapshots', 201],
    ['DELETE', '/api/reindex', 200],
    ['DELETE', '/api/images/00000000-0000-4000-8000-000000000000', 404],
    ['DELETE', '/api/session', 204],
  ]
  test.each(calls)('%s %s', async (method, path, status) => {
    for (const type of types) {
      const headers = { 'content-type': type }
      const answers = [
        await fetch(server.url + path, { method, headers }),
        await sendEmpty(method, path, type),
        await fetch(server.url + path, {
          method,
          headers,
          body: new ReadableStream({ start: (controller) => controller.close() }),
          duplex: 'half',
        } as RequestInit),
      ]
      expect(answers.map((answer) => answer.status)).toEqual([status, status, status])
    }
  })
})

/** As `curl -d ''` does. */
async function sendEmpty(method: string, path: string, type: string) {
  const lines = [
    'Host: 127.0.0.1',
    `Content-Type: ${type}`,
    'Content-Length: 0',
    'Connection: close',
  ]
  return sendRaw(server.url, [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
}

test('a picture to search for may be fetched, as one to index', async () => {
  const web = await startWebServer()
  web.serve('/fox.jpg', (response) => response.end(picture))
  const fetching = await startServer({ ALLOW_PRIVATE_URLS: '127.0.0.0/8' })
  const { body: indexed } = await fetching.index(null, { image_url: `${web.url}/fox.jpg` })
  const { status, body } = await fetching.search(null, { image_url: `${web.url}/fox.jpg` })
  expect(status).toBe(200)
  expect(body.results).toMatchObject([{ id: indexed.id, score: 1 }])
  expect(body.query.filename).toBe('fox.jpg')
  const both = await fetching.search(picture, { image_url: `${web.url}/fox.jpg` })
  expect([both.status, both.body.code]).toEqual([400, 'invalid_parameter'])
  const blank = new FormData()
  blank.set('image_file', new Blob([]), '')
  blank.set('image_url', `${web.url}/fox.jpg`)
  const unchosen = await fetching.search(null, {}, { body: blank })
  expect(unchosen.status).toBe(200)
  const away = await fetching.search(null, { image_url: `${web.url}/none.jpg` })
  expect([away.status, away.body.code]).toEqual([400, 'unreachable_url'])
  await fetching.stop()
  await web.stop()
})
