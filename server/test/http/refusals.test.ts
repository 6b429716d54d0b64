import { request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { jpeg, picture } from '../support/pictures.ts'
import { getJson, postForm, sendJson, startServer, type TestServer } from '../support/server.ts'

describe('what is refused, and how', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ MAX_UPLOAD_MB: '0.5', MAX_MEGAPIXELS: '2' })
  })
  afterAll(() => server.stop())
  afterEach(async () => {
    expect(await server.uploads()).toEqual([])
  })

  test.each([
    ['limit', '0', /at least 1/],
    ['limit', '101', /at most 100/],
    ['limit', '-5', /at least 1/],
    ['lmit', '3', /Did you mean limit/],
    ['scoreThreshold', '0.5', /Did you mean score_threshold/],
    ['limit', 'abc', /whole number/],
    ['limit', '1.5', /whole number/],
    ['score_threshold', '2', /between -1 and 1/],
    ['score_threshold', 'high', /a number/],
    ['filter', '{', /JSON/],
    ['filter', '{"must":[{"key":"a"}]}', /filter/],
    ['filter', nested(5000), /filter.*nested/],
    ['filter', conditions('should', 1001), /filter.*1000 conditions/],
    ['filter', JSON.stringify({ must: [JSON.parse(conditions('must_not', 1000))] }), /conditions/],
  ])('%s=%.40s is 400 with the reason', async (name, value, reason) => {
    const { status, headers, body } = await server.search(await jpeg(1), { [name]: value })
    expect([status, body.code]).toEqual([400, 'invalid_parameter'])
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(body.detail).toMatch(reason)
    expect(body.request_id).toMatch(/\S/)
  })

  test.each(['must', 'should', 'must_not'])('a thousand conditions in %s work', async (clause) => {
    const answer = await server.search(await jpeg(1), { filter: conditions(clause, 1000) })
    expect(answer.status).toBe(200)
  })

  test('what is wrong with a large body is said in few words', async () => {
    const filter = { should: Array.from({ length: 900 }, () => ({ key: 'x'.repeat(200), match: { is: 1 } })) } // prettier-ignore
    const unknown = Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`name${at}`, at]))
    const searches = [filter, { must: [{ key: 'a', match: { value: ['x'.repeat(90_000)] } }] }].map(
      async (each) => server.search(await jpeg(1), { filter: JSON.stringify(each) }),
    )
    const texts = [{ query: 'x', filter }, unknown, { query: 'x', limit: 'x'.repeat(90_000) }].map(
      (body) => sendJson<unknown>('POST', `${server.url}/api/images/search-text`, body),
    )
    for (const { status, body } of await Promise.all([...searches, ...texts])) {
      expect(status).toBe(400)
      expect(JSON.stringify(body).length).toBeLessThan(1500)
    }
  })

  test('more values than are indexed in a moment are refused, however they are put', async () => {
    const { body } = await server.index(await jpeg(2))
    const url = `${server.url}/api/images/${body.id}`
    const numbers = Array.from({ length: 999 }, (_, at) => at)
    const members = Object.fromEntries(numbers.map((at) => [`k${at}`, at]))
    expect((await sendJson('PATCH', url, { metadata: { numbers } })).status).toBe(200)
    for (const metadata of [
      { numbers: [...numbers, 1] },
      { numbers: [numbers.slice(500), numbers.slice(0, 500)] },
      { ...members, one: 1, more: 1 },
      { deep: numbers.map((at) => [at]) },
    ]) {
      const refused = await sendJson<unknown>('PATCH', url, { metadata })
      expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/1000 values/)]) // prettier-ignore
      const sent = await server.index(await jpeg(3), { metadata: JSON.stringify(metadata) })
      expect([sent.status, sent.body.detail]).toEqual([400, expect.stringMatching(/1000 values/)])
    }
  })

  test.each([
    ['metadata', '[1]'],
    ['metadata', '{'],
    ['image_uri', 'not absolute'],
    ['description', ' '],
  ])('indexing with %s=%s is 400', async (name, value) => {
    const { status, body } = await server.index(await jpeg(1), { [name]: value })
    expect([status, body.code]).toEqual([400, 'invalid_parameter'])
    expect(body.detail).toContain(name)
  })

  test.each([
    ['text', async () => Buffer.from('hello'), /plain text/],
    ['nothing', async () => Buffer.alloc(0), /The file is empty/],
    ['SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
    ['PDF', async () => Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'), /PDF/],
    ['a cut JPEG', async () => (await jpeg(1)).subarray(0, 3000), /cut short/],
    ['a cut PNG', async () => cutInHalf(await picture(1).png().toBuffer()), /cut short/],
    ['a cut WebP', async () => cutInHalf(await picture(1).webp().toBuffer()), /cut short/],
    ['a JPEG header alone', async () => Buffer.from([0xff, 0xd8, 0xff, 0xe0]), /cut short/],
  ])('%s is no image: 400 naming what arrived', async (_name, bytes, reason) => {
    const { status, body } = await server.search(await bytes())
    expect([status, body.code]).toEqual([400, 'invalid_image'])
    expect(body.detail).toMatch(reason)
  })

  test('what is accepted is named', async () => {
    const { body } = await server.search(Buffer.from('hello'))
    expect(body.detail).toContain('JPEG, PNG, WEBP, GIF, AVIF, TIFF')
  })

  test('a missing part, another part name, and no form at all are 400', async () => {
    expect((await server.search(null)).body.code).toBe('missing_file')
    expect((await server.search(null, { limit: '3' })).body.code).toBe('missing_file')
    const url = `${server.url}/api/images/search-similar`
    const plain = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    expect((await getJson(url, plain)).body.code).toBe('missing_file')
    const wrong = new FormData()
    wrong.set('photo', new Blob([new Uint8Array(await jpeg(1))]), 'a.jpg')
    const answer = await postForm(url, null, {}, { body: wrong })
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_parameter'])
    expect(answer.body.detail).toContain('image_file')
    const two = new FormData()
    for (const name of ['a.jpg', 'b.jpg']) two.append('image_file', new Blob(['a']), name)
    const refused = await postForm(url, null, {}, { body: two })
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_parameter'])
    const long = await server.index(await jpeg(1), { description: 'x'.repeat(300_000) })
    expect([long.status, long.body.code]).toEqual([400, 'invalid_parameter'])
  })

  test('too many bytes are 413, too many pixels 400, before anything is decoded', async () => {
    const noise = await sharp({
      create: {
        width: 900,
        height: 900,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 80 },
      },
    })
      .png()
      .toBuffer()
    const large = await server.search(noise)
    expect([large.status, large.body.code]).toEqual([413, 'upload_too_large'])
    expect(large.body.detail).toContain('0.5 MB')
    const wide = await server.search(await picture(1, 3000, 1000).jpeg().toBuffer())
    expect([wide.status, wide.body.code]).toEqual([400, 'image_too_many_pixels'])
    expect(wide.body.detail).toContain('3000 x 1000')
  })

  test('unknown ids and paths are 404, malformed ids 400', async () => {
    const unknown = `${server.url}/api/images/00000000-0000-4000-8000-000000000000`
    for (const path of ['', '/file', '/thumbnail', '/similar']) {
      const { status, body } = await getJson(unknown + path)
      expect([status, body.code]).toEqual([404, 'not_found'])
    }
    expect((await getJson(`${server.url}/api/nothing`)).body.code).toBe('not_found')
    expect((await getJson(`${server.url}/api/images/x`)).body.code).toBe('invalid_parameter')
    expect((await getJson(`${server.url}/api/images?cursor=x`)).body.code).toBe('invalid_parameter')
  })

  test('a path that is known answers other methods with those that it has', async () => {
    const asked = [
      ['PUT', '/api/images/00000000-0000-4000-8000-000000000000', 'DELETE, GET, HEAD, PATCH'],
      ['GET', '/api/images/search-similar', 'POST'],
      ['DELETE', '/api/import', 'POST'],
      ['POST', '/openapi.json', 'GET, HEAD'],
    ] as const
    for (const [method, path, allow] of asked) {
      const body = method === 'GET' ? null : '<x/>'
      const headers = { 'content-type': 'application/xml' }
      const answer = await getJson(server.url + path, { method, body, headers })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow])
      expect(answer.body).toMatchObject({ code: 'method_not_allowed', retryable: false })
    }
    expect((await getJson(`${server.url}/nothing`, { method: 'POST' })).status).toBe(404)
  })

  test('what has another shape is told of in words, wherever it is sent', async () => {
    const url = `${server.url}/api/images`
    const told = async (sent: RequestInit, path = '/search-text') =>
      (await getJson<{ detail: string }>(`${url}${path}`, { method: 'POST', ...sent })).body.detail
    const json = (body: string, rest: Record<string, string> = {}) => ({
      body,
      headers: { 'content-type': 'application/json', ...rest },
    })
    expect(await told(json('{"query":5}'))).toBe('query: must be a text, not a number.')
    expect(await told(json('{"query":["a"]}'))).toBe('query: must be a single value, not a list.')
    expect(await told(json('[]'))).toBe('body: must be a JSON object, not a list.')
    expect(await told(json('{}'))).toBe('query: is missing: it must be a text.')
    expect(await told(json('{"query":"a","limt":3}'))).toMatch(/^limt: .*Did you mean limit\?$/)
    expect(await told(json('{"sha256":["x"]}'), '/lookup')).toMatch(/^sha256\.0: must be 64/)
    expect(await told(json('{}', { 'content-encoding': 'gzip' }))).toMatch(/gzip is not read here/)
    expect(await told(json('{"parts":[]}'), '/search')).toMatch(/a part named 'question'/)
    const twice = new FormData()
    for (const limit of ['3', '4']) twice.append('limit', limit)
    expect(await told({ body: twice }, '/search-similar')).toMatch(/^limit: is given twice/)
  })

  test('a form that cannot be read is the mistake of its sender', async () => {
    const part = 'content-disposition: form-data; name="image_file"; filename="a.jpg"'
    const forms = [
      ['multipart/form-data', 'x'],
      [`multipart/form-data; boundary=${'b'.repeat(300)}`, 'x'],
      ['multipart/form-data; boundary=b', '--b\r\nFalse--b--\r\n'],
      ['multipart/form-data; boundary=b', `--b\r\n${part}\r\n\r\nhalf of`],
    ] as const
    for (const [type, body] of forms) {
      const init = { method: 'POST', headers: { 'content-type': type }, body }
      for (const path of ['search-similar', 'index']) {
        const answer = await getJson(`${server.url}/api/images/${path}`, init)
        expect([answer.status, answer.body.code], body).toEqual([400, 'invalid_parameter'])
      }
    }
    expect(await server.uploads()).toEqual([])
  })

  test('every GET has a HEAD', async () => {
    const { body } = await server.index(await jpeg(5))
    for (const path of ['/api/info', '/api/export', `/api/images/${body.id}/file`]) {
      const head = await fetch(server.url + path, { method: 'HEAD' })
      expect([head.status, await head.text()]).toEqual([200, ''])
    }
  })

  test('what is left empty counts as not given', async () => {
    const list = await getJson(`${server.url}/api/images?limit=&cursor=&filter=`)
    expect(list.status).toBe(200)
    const empty = { limit: '', score_threshold: '', filter: '', hide_duplicates: '', sparql: '' }
    expect((await server.search(await jpeg(5), empty)).status).toBe(200)
    const indexed = await server.index(await jpeg(6), {
      image_uri: '',
      metadata: '',
      description: '',
    })
    expect(indexed.status).toBe(201)
    const required = await getJson(`${server.url}/api/usage/estimate?images=`)
    expect([required.status, required.body.code]).toEqual([400, 'invalid_parameter'])
  })

  test('50 uploads that break off leave nothing behind', async () => {
    await Promise.all(Array.from({ length: 50 }, () => breakOff(server.url)))
    await expect.poll(() => server.uploads(), { timeout: 10_000 }).toEqual([])
    expect((await server.search(await jpeg(1))).status).toBe(200)
  })
})

test('pictures of odd colour models and shapes are read', async () => {
  const server = await startServer()
  const made = [
    await picture(1).toColourspace('cmyk').jpeg().toBuffer(),
    await picture(1).toColourspace('rgb16').png().toBuffer(),
    await picture(1).greyscale().png().toBuffer(),
    await picture(1).ensureAlpha(0.3).webp().toBuffer(),
    await picture(1, 1, 3000).png().toBuffer(),
    await picture(1, 1, 1).png().toBuffer(),
  ]
  for (const bytes of made) expect((await server.index(bytes)).status).toBe(201)
  const turned = await picture(1).jpeg().withMetadata({ orientation: 6 }).toBuffer()
  const { body } = await server.index(turned)
  expect([body.width, body.height]).toEqual([240, 320])
  await server.stop()
})

function cutInHalf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2)
}

function conditions(clause: string, count: number): string {
  const all = Array.from({ length: count }, (_, at) =>
    at % 2 === 0 ? { key: `k${at}`, match: { value: at } } : { key: 'n', range: { gt: at } },
  )
  return JSON.stringify({ [clause]: all })
}

function nested(depth: number): string {
  return '{"must":['.repeat(depth) + ']}'.repeat(depth)
}

/** Begins an upload, sends some of it, and hangs up. */
async function breakOff(url: string): Promise<void> {
  const boundary = 'boundary'
  const call = request(`${url}/api/images/search-similar`, {
    method: 'POST',
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': 400_000,
    },
  })
  call.on('error', () => {})
  call.write(
    `--${boundary}\r\ncontent-disposition: form-data; name="image_file"; filename="a.jpg"\r\n\r\n`,
  )
  call.write(Buffer.alloc(100_000, 0xff))
  await setTimeout(30)
  call.destroy()
}
