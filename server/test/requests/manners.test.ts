import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPage } from '../../../web/build.ts'
import { launchBrowser } from '../support/browser.ts'
import { jpeg, picture } from '../support/pictures.ts'
import { sendRaw } from '../support/raw-http.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

describe('files', () => {
  let server: TestServer
  let bytes: Buffer
  let url: string
  let etag: string
  beforeAll(async () => {
    server = await startServer()
    bytes = await picture(1, 800, 600).png().toBuffer()
    const { body } = await server.index(bytes)
    url = `${server.url}/api/images/${body.id}`
    etag = (await fetch(`${url}/file`)).headers.get('etag')!
  })
  afterAll(() => server.stop())

  test('are not sent again to whoever has them, however that is said', async () => {
    for (const path of ['/file', '/thumbnail', '/thumbnail?format=png']) {
      const tag = (await fetch(url + path)).headers.get('etag')!
      for (const known of [tag, `W/${tag}`, `"a", ${tag}`, `"a",W/${tag},"b"`, '*', ` ${tag} `]) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await fetch(url + path, { method, headers: { 'if-none-match': known } })
          expect([known, answer.status, answer.headers.get('etag')]).toEqual([known, 304, tag])
          expect(answer.headers.get('cache-control')).toMatch(/private/)
        }
      }
      for (const other of ['"a"', `W/"a"`, `"a", "b"`, tag.slice(1, -1), `x${tag}`]) {
        const { status } = await fetch(url + path, { headers: { 'if-none-match': other } })
        expect([other, status]).toEqual([other, 200])
      }
    }
  })

  const part = (range: string, more: Record<string, string> = {}) =>
    fetch(`${url}/file`, { headers: { range, ...more } })

  test('are sent in parts', async () => {
    const size = bytes.length
    const wanted: [string, number, number][] = [
      ['bytes=0-0', 0, 0],
      ['bytes=0-99', 0, 99],
      ['bytes=100-', 100, size - 1],
      ['bytes=-10', size - 10, size - 1],
      [`bytes=-${size + 5}`, 0, size - 1],
      [`bytes=5-${size + 5}`, 5, size - 1],
    ]
    for (const [range, start, end] of wanted) {
      const answer = await part(range)
      expect([range, answer.status]).toEqual([range, 206])
      expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`)
      expect(answer.headers.get('content-length')).toBe(String(end - start + 1))
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes.subarray(start, end + 1))
    }
    const whole = await part('bytes=0-9', { 'if-range': '"other"' })
    expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, 'bytes'])
    expect((await part('bytes=0-9', { 'if-range': `W/${etag}` })).status).toBe(200)
    expect((await part('bytes=0-9', { 'if-range': etag })).status).toBe(206)
    expect((await part('bytes=0-9', { 'if-none-match': etag })).status).toBe(304)
  })

  test('are sent whole when no part is asked for that there could be', async () => {
    for (const range of ['bytes=5-2', 'bytes=', 'bytes=-', 'bytes=0-1,5-6', 'lines=1-2', 'x']) {
      const answer = await part(range)
      expect([range, answer.status]).toEqual([range, 200])
      expect((await answer.arrayBuffer()).byteLength).toBe(bytes.length)
    }
    for (const range of [`bytes=${bytes.length}-`, 'bytes=-0', 'bytes=99999999-99999999']) {
      const answer = await part(range)
      expect([range, answer.status]).toEqual([range, 416])
      expect(answer.headers.get('content-range')).toBe(`bytes */${bytes.length}`)
      expect(((await answer.json()) as { code: string }).code).toBe('range_not_satisfiable')
    }
    const thumbnail = await fetch(`${url}/thumbnail`, { headers: { range: 'bytes=0-9' } })
    expect(thumbnail.status).toBe(200)
  })

  test('HEAD has the headers of GET, everywhere', async () => {
    const paths = ['/file', '/thumbnail', '/thumbnail?format=png', '', '/statements', '/similar']
    const others = ['/api/images', '/api/health', '/livez', '/openapi.json', '/api/kg/ontology']
    for (const address of [
      ...paths.map((path) => url + path),
      ...others.map((path) => server.url + path),
    ]) {
      const get = await fetch(address)
      const body = await get.arrayBuffer()
      const head = await fetch(address, { method: 'HEAD' })
      expect([address, head.status]).toEqual([address, get.status])
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
      expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
      const length = Number(head.headers.get('content-length'))
      // Times may differ by a few digits from one answer to the next.
      const tolerance = address.endsWith('/similar') ? 30 : 0
      expect(Math.abs(length - body.byteLength), address).toBeLessThanOrEqual(tolerance)
      expect((await head.arrayBuffer()).byteLength).toBe(0)
    }
    const unknown = await fetch(`${server.url}/api/images/x`, { method: 'HEAD' })
    expect(unknown.status).toBe(400)
    const asked = await fetch(`${url}/file`, { method: 'HEAD', headers: { range: 'bytes=0-9' } })
    expect([asked.status, asked.headers.get('content-length')]).toEqual([200, String(bytes.length)])
  })

  test('have links with a host, also where a request names none', async () => {
    const { text } = await sendRaw(server.url, 'GET /api/images HTTP/1.0\r\n\r\n')
    expect(text).toContain(`"image_url":"${server.url}/api/images/`)
  })
})

describe('behind a proxy', () => {
  /** Serves what lies at `to` below a path of its own, and takes that path off or not. */
  async function startProxy(prefix: string, strips: boolean) {
    let to = ''
    const proxy = createServer((from, response) => {
      const path = from.url!
      if (!path.startsWith(prefix)) return void response.writeHead(404).end('not below the path')
      const target = strips ? path.slice(prefix.length) || '/' : path
      const headers = { ...from.headers, 'x-forwarded-proto': 'http' }
      const call = request(to + target, { method: from.method!, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(response)
      })
      from.pipe(call)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    return {
      url: `http://127.0.0.1:${port}${prefix}`,
      leadTo: (url: string) => (to = url),
      async stop() {
        proxy.closeAllConnections()
        await new Promise((resolve) => proxy.close(resolve))
      },
    }
  }

  test.each([
    ['takes it off', true],
    ['passes it on', false],
  ])('below a path, and the proxy %s: page, files, minted URIs, session', async (_name, strips) => {
    await buildPage()
    const proxy = await startProxy('/looks/alike', strips)
    const server = await startServer({ PUBLIC_URL: proxy.url, API_KEYS: 'open-sesame' })
    proxy.leadTo(server.url)
    const headers = { 'x-api-key': 'open-sesame' }
    const { body } = await server.index(await jpeg(1), {}, { headers })
    expect(body.image_uri).toBe(`${proxy.url}/images/${body.sha256}`)
    expect(body.image_url).toMatch(new RegExp(`^${proxy.url}/api/images/`))
    const minted = await fetch(body.image_uri, { headers })
    expect([minted.status, minted.url]).toEqual([200, `${proxy.url}/api/images/${body.id}/file`])
    expect((await fetch(`${proxy.url}/images/${body.sha256}`)).status).toBe(401)

    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      const failed: string[] = []
      page.on('response', (answer) => {
        if (answer.status() >= 400 && answer.status() !== 401) failed.push(answer.url())
      })
      await page.goto(`${proxy.url}/`)
      const key = page.getByLabel(/key/i)
      await key.fill('open-sesame')
      await key.press('Enter')
      await page.locator('main img').first().waitFor()
      await expect
        .poll(() =>
          page
            .locator('main img')
            .first()
            .evaluate((img) => (img as HTMLImageElement).naturalWidth),
        )
        .toBeGreaterThan(0)
      expect(failed).toEqual([])
      if (!strips) {
        await page.goto(proxy.url)
      }
      expect(page.url()).toBe(`${proxy.url}/`)
    } finally {
      await browser.close()
      await proxy.stop()
      await server.stop()
    }
  })

  test('X-Forwarded headers are believed of the proxies that are named, and of nobody else', async () => {
    const forwarded = {
      'x-forwarded-host': 'photos.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '203.0.113.7',
    }
    const linkOf = async (env: Record<string, string>) => {
      const server = await startServer({ ...env, ALLOWED_HOSTS: 'photos.example' })
      const { body } = await server.index(await jpeg(1), {}, { headers: forwarded })
      const session = await fetch(`${server.url}/api/session`, {
        method: 'POST',
        headers: { ...forwarded, 'content-type': 'application/json' },
        body: '{"key":"k"}',
      })
      await server.stop()
      return [
        body.image_url!.replace(server.url, ''),
        /Secure/.test(session.headers.get('set-cookie')!),
      ]
    }
    const own = expect.stringMatching(/^\/api\/images\//)
    const proxied = expect.stringMatching(/^https:\/\/photos\.example\/api\/images\//)
    expect(await linkOf({})).toEqual([own, false])
    expect(await linkOf({ TRUST_PROXY: '10.0.0.0/8' })).toEqual([own, false])
    expect(await linkOf({ TRUST_PROXY: 'false' })).toEqual([own, false])
    for (const TRUST_PROXY of ['true', 'loopback', '127.0.0.1', '10.0.0.0/8, 127.0.0.0/8']) {
      expect(await linkOf({ TRUST_PROXY })).toEqual([proxied, true])
    }
  })

  test('and rates are counted by who is behind it', async () => {
    const server = await startServer({ TRUST_PROXY: 'loopback', RATE_LIMIT_PER_MINUTE: '1' })
    const from = async (address: string) => {
      const headers = { 'x-forwarded-for': address }
      return (await server.search(await jpeg(1), {}, { headers })).status
    }
    expect([await from('203.0.113.7'), await from('203.0.113.7')]).toEqual([200, 429])
    expect(await from('203.0.113.8')).toBe(200)
    const problem = await getJson(`${server.url}/api/nothing`)
    expect(problem.status).toBe(404)
    await server.stop()
  })
})
