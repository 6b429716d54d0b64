import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openDownloader } from '../../src/downloads/downloader.ts'
import { nameResolver } from '../../src/downloads/names.ts'
import { startWebServer } from '../fakes/web-server.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** Of every kind that is not the public internet, at least one; the web server is at 127.0.0.1. */
const forbidden = `
  0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.2 127.255.255.254
  169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
  198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1
  ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1
  100::1 2001::1 2001:2::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 3fff::1 5f00::1
  fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1
`
  .trim()
  .split(/\s+/)
const literal = (address: string) => (address.includes(':') ? `[${address}]` : address)
const nameOf = (address: string) => `${Buffer.from(address).toString('hex')}.example`
/** Knows the forbidden addresses by name, and one name that leads to several. */
const names = new Map([
  ['here.example', ['127.0.0.1']],
  ['mixed.example', ['127.0.0.1', '10.0.0.1']],
])
for (const address of forbidden) names.set(nameOf(address), [address])

describe('a picture from the web', () => {
  let server: TestServer
  let web: Awaited<ReturnType<typeof startWebServer>>
  beforeAll(async () => {
    web = await startWebServer()
    server = await startServer(
      { ALLOW_PRIVATE_URLS: '127.0.0.1/32', MAX_UPLOAD_MB: '0.2' },
      () => ({
        downloader: openDownloader({
          privateRanges: ['127.0.0.1/32'],
          maxBytes: 200_000,
          timeoutMs: 2000,
          async resolve(hostname) {
            const known = names.get(hostname)
            if (!known) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
            return known.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
          },
        }),
      }),
    )
    const bytes = await jpeg(1)
    // What the sender claims of the type plays no part.
    web.serve('/fox.jpg', (response) => response.setHeader('content-type', 'text/html').end(bytes))
    web.serve('/page', (response) => response.end('<!doctype html><p>no picture'))
    web.serve('/large', (response) => response.setHeader('content-length', 1e9).write('x'))
    web.serve('/endless', (response) => {
      const more = () => response.write(Buffer.alloc(16_384), (error) => error ?? more())
      more()
    })
    web.serve('/slow', (response) => response.write(bytes.subarray(0, 100)))
    web.serve('/silent', () => {})
    web.serve('/broken', (response) => {
      response.setHeader('content-length', 1000).write('x', () => response.destroy())
    })
  })
  afterAll(async () => {
    await server.stop()
    await web.stop()
  })
  afterEach(async () => {
    expect(await server.uploads()).toEqual([])
  })
  const index = (image_url: string, fields = {}) => server.index(null, { image_url, ...fields })
  const refused = async (url: string) => {
    const { status, body } = await index(url)
    return [url, status, body.code]
  }

  test('is fetched and indexed, under its own address unless another is given', async () => {
    const url = `${web.url}/fox.jpg`
    const first = await index(url, { metadata: '{"a":1}' })
    expect([first.status, first.body.image_uri, first.body.format]).toEqual([201, url, 'jpeg'])
    expect((await index(url)).status).toBe(200)
    const named = await index(`http://here.example:${web.port}/fox.jpg`, { image_uri: 'urn:fox' })
    expect([named.status, named.body.image_uri]).toEqual([201, 'urn:fox'])
    expect(named.body.sha256).toBe(first.body.sha256)
    expect((await index(web.redirectTo('/fox.jpg'))).status).toBe(201)
  })

  test('is refused from every address that is not public', async () => {
    const before = web.asked.length
    for (const address of forbidden) {
      const url = `http://${literal(address)}:${web.port}/fox.jpg`
      expect(await refused(url)).toEqual([url, 400, 'blocked_url'])
    }
    for (const host of ['localhost.', '0x7f.0.0.2', '2130706434', '0177.0.0.2', '①②⑦.0.0.2']) {
      const url = `http://${host}:${web.port}/`
      const [, status, code] = await refused(url)
      // The resolver of this test knows no localhost.
      expect([url, status, code]).toEqual([url, 400, host === 'localhost.' ? 'unreachable_url' : 'blocked_url']) // prettier-ignore
    }
    expect(web.asked.length).toBe(before)
  })

  test('is refused when a name leads there, even beside an address that is allowed', async () => {
    const before = web.asked.length
    for (const address of [...names.keys()].filter((name) => name !== 'here.example')) {
      const url = `http://${address}:${web.port}/fox.jpg`
      expect(await refused(url)).toEqual([url, 400, 'blocked_url'])
    }
    expect(web.asked.length).toBe(before)
  })

  test('is refused when a redirect leads there', async () => {
    for (const address of forbidden) {
      const byAddress = web.redirectTo(`http://${literal(address)}:${web.port}/fox.jpg`)
      expect(await refused(byAddress)).toEqual([byAddress, 400, 'blocked_url'])
      const byName = web.redirectTo(`http://${nameOf(address)}:${web.port}/fox.jpg`)
      expect(await refused(byName)).toEqual([byName, 400, 'blocked_url'])
    }
    expect(new Set(web.asked)).toEqual(new Set(['/', '/fox.jpg']))
  })

  test.each([
    'file:///etc/passwd',
    'ftp://here.example/a',
    'data:image/png;base64,AA',
    'gopher://x',
  ])('is refused by %s, and by a redirect to it', async (url) => {
    expect((await refused(url))[2]).toBe('blocked_url')
    expect((await refused(web.redirectTo(url)))[2]).toBe('blocked_url')
  })

  test.each([
    ['/large', 413, 'upload_too_large', /0\.2 MB/],
    ['/endless', 413, 'upload_too_large', /0\.2 MB/],
    ['/slow', 400, 'unreachable_url', /within 2 s/],
    ['/silent', 400, 'unreachable_url', /within 2 s/],
    ['/broken', 400, 'unreachable_url', /broke off/],
    ['/absent', 400, 'unreachable_url', /answers 404/],
    ['/page', 400, 'invalid_image', /HTML/],
  ])('%s is %i %s', async (path, status, code, detail) => {
    const answer = await index(web.url + path)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body.detail).toMatch(detail)
  })

  test('is given up after five redirects, at an unknown name, and where nothing is given', async () => {
    const round = web.redirectTo('/fox.jpg')
    const six = Array.from({ length: 6 }).reduce<string>((target) => web.redirectTo(target), round)
    expect((await index(six)).body.detail).toMatch(/more than 5 times/)
    expect((await index('http://nobody.example/a')).body.detail).toMatch(/host name is not known/)
    expect((await index('no url')).body.code).toBe('unreachable_url')
    const both = await server.index(await jpeg(1), { image_url: `${web.url}/fox.jpg` })
    expect([both.status, both.body.code]).toEqual([400, 'invalid_parameter'])
    expect((await server.index(null)).body.detail).toMatch(/neither/)
  })
})

describe('many at once', () => {
  /** A name server that answers nobody, and what asks it alone. */
  async function silentNames(hosts: string) {
    const socket = createSocket('udp4')
    let questions = 0
    socket.on('message', () => questions++)
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-names-'))
    const hostsFile = join(folder, 'hosts')
    await writeFile(hostsFile, hosts)
    return {
      resolve: nameResolver({ servers: [`127.0.0.1:${socket.address().port}`], hostsFile }),
      questions: () => questions,
      async stop() {
        await new Promise<void>((resolve) => socket.close(resolve))
        await rm(folder, { recursive: true })
      },
    }
  }

  test('names that nobody answers for hold up nothing else, and end with their callers', async () => {
    const web = await startWebServer()
    const bytes = await jpeg(1)
    web.serve('/fox.jpg', (response) => response.end(bytes))
    const names = await silentNames('# a comment\n127.0.0.1 other good.example # and another\n')
    const server = await startServer({}, () => ({
      downloader: openDownloader({
        privateRanges: ['127.0.0.1/32'],
        maxBytes: 1e6,
        resolve: names.resolve,
      }),
    }))
    const controller = new AbortController()
    const dead = Array.from({ length: 40 }, (_, at) =>
      server.index(null, { image_url: `http://n${at}.example/` }, { signal: controller.signal }),
    )
    const ends = Promise.allSettled(dead)
    await expect.poll(names.questions).toBeGreaterThanOrEqual(80)
    // The system's own look-ups, of others, do not wait behind them.
    await lookup('localhost')
    const good = await server.index(null, { image_url: `http://Good.Example.:${web.port}/fox.jpg` })
    expect(good.status).toBe(201)
    controller.abort()
    for (const end of await ends) expect(end.status).toBe('rejected')
    expect((await server.search(bytes)).status).toBe(200)
    await expect.poll(server.uploads).toEqual([])
    await server.stop()
    await names.stop()
    await web.stop()
  })

  test('wait for each other, are refused when too many wait, and make room when they leave', async () => {
    const web = await startWebServer()
    const bytes = await jpeg(1)
    web.serve('/silent', () => {})
    web.serve('/fox.jpg', (response) => response.end(bytes))
    const server = await startServer({}, () => ({
      downloader: openDownloader({
        privateRanges: ['127.0.0.1/32'],
        maxBytes: 1e6,
        maxFetches: 2,
        maxWaiting: 1,
      }),
    }))
    const controllers = [new AbortController(), new AbortController()]
    const silent = controllers.map(({ signal }) =>
      server.index(null, { image_url: `${web.url}/silent` }, { signal }).catch(() => 'left'),
    )
    await expect.poll(() => web.asked.length).toBe(2)
    const fetched = () => server.index(null, { image_url: `${web.url}/fox.jpg` })
    const both = [fetched(), fetched()]
    const refused = await Promise.race(both)
    expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([503, 'overloaded', true]) // prettier-ignore
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(web.asked.length).toBe(2)
    controllers[0]!.abort()
    const statuses = (await Promise.all(both)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([201, 503])
    controllers[1]!.abort()
    expect(await Promise.all(silent)).toEqual(['left', 'left'])
    for (let time = 0; time < 5; time++) expect((await fetched()).status).toBe(200)
    await server.stop()
    await web.stop()
  })
})

test('by default no address of this machine is fetched from', async () => {
  const server = await startServer()
  const web = await startWebServer()
  for (const host of ['127.0.0.1', 'localhost']) {
    const { body } = await server.index(null, { image_url: `http://${host}:${web.port}/` })
    expect(body.code).toBe('blocked_url')
  }
  expect(web.asked).toEqual([])
  await web.stop()
  await server.stop()
})
