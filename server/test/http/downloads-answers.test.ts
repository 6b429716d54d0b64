import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDownloader } from '../../src/downloads/downloader.ts'
import { startWebServer } from '../fakes/web-server.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

const maxBytes = 200_000
let server: TestServer
let web: Awaited<ReturnType<typeof startWebServer>>
let bytes: Buffer
beforeAll(async () => {
  web = await startWebServer()
  bytes = await jpeg(1)
  const privateRanges = ['127.0.0.1/32']
  server = await startServer({ MAX_UPLOAD_MB: '0.2' }, () => ({
    downloader: openDownloader({ privateRanges, maxBytes, timeoutMs: 5000 }),
  }))
})
afterAll(async () => {
  await server.stop()
  await web.stop()
})
const index = (path: string) => server.index(null, { image_url: web.url + path })

test('says who asks', async () => {
  web.serve('/polite', (response, { headers }) => {
    if (headers['user-agent']) response.end(bytes)
    else response.writeHead(403).end()
  })
  expect((await index('/polite')).status).toBe(201)
})

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['identity', (plain: Buffer) => plain],
  ['gzip, br', (plain: Buffer) => brotliCompressSync(gzipSync(plain))],
] as const)('reads what comes encoded as %s', async (encoding, encode) => {
  web.serve('/encoded', (response) =>
    response.writeHead(200, { 'content-encoding': encoding }).end(encode(bytes)),
  )
  const { status, body } = await index('/encoded')
  expect([status < 300, body.sha256]).toEqual([true, (await server.index(bytes)).body.sha256])
})

test('refuses an encoding that it does not know, and one that is broken', async () => {
  web.serve('/odd', (response) => response.writeHead(200, { 'content-encoding': 'odd' }).end(bytes))
  const odd = await index('/odd')
  expect([odd.status, odd.body.code]).toEqual([400, 'unreachable_url'])
  expect(odd.body.detail).toMatch(/encoded as odd/)
  web.serve('/no-gzip', (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes)) // prettier-ignore
  expect((await index('/no-gzip')).body.code).toBe('unreachable_url')
})

test('counts what an encoded file becomes, not what was sent', async () => {
  const bomb = gzipSync(Buffer.alloc(150_000_000))
  expect(bomb.length).toBeLessThan(maxBytes)
  web.serve('/bomb', (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  )
  const before = process.memoryUsage.rss()
  expect((await index('/bomb')).body.code).toBe('upload_too_large')
  expect(process.memoryUsage.rss() - before).toBeLessThan(100e6)
})

test('waits as long as it is asked to, if that is not too long', async () => {
  let asked = 0
  web.serve('/busy', (response) => {
    if (asked++ === 0) response.writeHead(429, { 'retry-after': '1' }).end()
    else response.end(bytes)
  })
  expect((await index('/busy')).status).toBeLessThan(300)
  expect(asked).toBe(2)
  let later = 0
  web.serve('/later', (response) => {
    later++
    response.writeHead(503, { 'retry-after': '3600' }).end()
  })
  expect((await index('/later')).body.detail).toMatch(/answers 503/)
  web.serve('/never', (response) => {
    later++
    response.writeHead(429, { 'retry-after': new Date().toUTCString() }).end()
  })
  expect((await index('/never')).body.detail).toMatch(/answers 429/)
  expect(later).toBe(1 + 3)
})

test('keeps cookies across one chain of redirects, and for no other', async () => {
  let fresh = 0
  web.serve('/door', (response, { headers }) => {
    if (headers.cookie === 'seen=1; other=2') return void response.end(bytes)
    fresh += headers.cookie ? 0 : 1
    response
      .writeHead(302, { 'set-cookie': ['seen=1', 'other=2; Path=/'], location: '/door' })
      .end()
  })
  for (let round = 1; round <= 2; round++) {
    expect((await index('/door')).status).toBeLessThan(300)
    expect(fresh).toBe(round)
  }
})

test('gives no cookie to another host', async () => {
  const other = await startWebServer()
  const received: (string | undefined)[] = []
  other.serve('/end', (response, { headers }) => {
    received.push(headers.cookie)
    response.end(bytes)
  })
  const elsewhere = `http://localhost:${other.port}/end`
  web.serve('/away', (response) =>
    response.writeHead(302, { 'set-cookie': 'secret=1', location: elsewhere }).end(),
  )
  const privateRanges = ['127.0.0.1/32', '::1/128']
  const { stream } = await openDownloader({ privateRanges, maxBytes }).open(`${web.url}/away`, new AbortController().signal) // prettier-ignore
  for await (const _ of stream);
  expect(received).toEqual([undefined])
  await other.stop()
})
