import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { jpeg, picture } from '../support/pictures.ts'
import { problemOf, sendRaw } from '../support/raw-http.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

const multipart = 'Content-Type: multipart/form-data; boundary=XX'
const opening =
  '--XX\r\nContent-Disposition: form-data; name="image_file"; filename="a.jpg"\r\n\r\n'
const head = (lines: string[], path = '/api/images/search-similar') =>
  [`POST ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...lines, '', ''].join('\r\n')

describe('too much', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ MAX_UPLOAD_MB: '0.5' })
  })
  afterAll(() => server.stop())
  afterEach(async () => {
    await expect.poll(() => server.uploads()).toEqual([])
  })

  test('by Content-Length is refused before any of it has come', async () => {
    const asked = head([multipart, 'Content-Length: 5000000000'])
    const answer = await sendRaw(server.url, asked, 1000)
    expect([answer.status, problemOf(answer).code]).toEqual([413, 'upload_too_large'])
    const json = head(['Content-Type: application/json', 'Content-Length: 5000000000'], '/api/images/lookup') // prettier-ignore
    expect((await sendRaw(server.url, json, 1000)).status).toBe(413)
  })

  test.each([
    ['a file', () => Buffer.alloc(64_000)],
    ['what stands in front of the parts', null],
  ])('of %s is refused at the limit, while it comes', async (_name, chunk) => {
    const lines = [multipart, 'Transfer-Encoding: chunked']
    const start = chunk === null ? '' : opening
    const piece = chunk?.() ?? Buffer.alloc(64_000, 'x')
    const answer = await sendEndlessly(server.url, head(lines), start, piece)
    expect(answer.status).toBe(413)
    expect(answer.sent).toBeLessThan(40_000_000)
  })

  test.each(['close', 'keep-alive'])(
    'is told to clients that send everything before they look (%s)',
    async (connection) => {
      // Larger than what lies between two ends of a connection.
      const body = Buffer.concat([Buffer.from(opening), Buffer.alloc(30_000_000)])
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => sendAll(server.url, connection, body)),
      )
      expect(answers).toEqual(Array.from({ length: 4 }, () => [413, 'upload_too_large']))
    },
  )

  test('of a type that is not read, without a key, or to nowhere, is told as well', async () => {
    const closed = await startServer({ API_KEYS: 'k' })
    const body = Buffer.alloc(30_000_000)
    const image = { method: 'POST', headers: { 'content-type': 'image/png' }, body }
    const to = (base: string, path: string) => getJson(base + path, image)
    expect((await to(server.url, '/api/images/index')).status).toBe(415)
    expect((await to(server.url, '/api/nothing')).status).toBe(404)
    expect((await to(closed.url, '/api/images/index')).status).toBe(401)
    await closed.stop()
  })

  test('leaves the connection usable', async () => {
    const body = `${opening}${'x'.repeat(600_000)}\r\n--XX--\r\n`
    const first = head([multipart, `Content-Length: ${body.length}`]) + body
    const second = 'GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'
    const { text } = await sendRaw(server.url, first + second)
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '413',
      '200',
    ])
  })

  test('in headers and addresses is a problem document', async () => {
    const long = 'x'.repeat(20_000)
    const headers = await sendRaw(
      server.url,
      `GET /livez HTTP/1.1\r\nHost: a\r\nX-Long: ${long}\r\n\r\n`,
    )
    expect(problemOf(headers)).toMatchObject({ status: 431, code: 'headers_too_large' })
    const address = await sendRaw(
      server.url,
      `GET /api/images?filter=${long} HTTP/1.1\r\nHost: a\r\n\r\n`,
    )
    expect(problemOf(address)).toMatchObject({ status: 414, code: 'uri_too_long' })
    const none = await sendRaw(server.url, 'HELLO\r\n\r\n')
    expect(problemOf(none)).toMatchObject({ status: 400, code: 'invalid_parameter' })
  })
})

describe('too slow', () => {
  let server: TestServer
  let id: string
  beforeAll(async () => {
    server = await startServer({ REQUEST_TIMEOUT_S: '3', IDLE_TIMEOUT_S: '1' })
    const large = await picture(1, 2400, 2000).png({ compressionLevel: 0 }).toBuffer()
    id = (await server.index(large)).body.id
  })
  afterAll(() => server.stop())
  afterEach(async () => {
    await expect.poll(() => server.uploads()).toEqual([])
  })

  test('a sender that stands still is told so', async () => {
    const lines = [multipart, 'Content-Length: 10000']
    const answer = await sendRaw(server.url, head(lines) + opening, 20_000)
    expect(answer.closed).toBe(true)
    expect(problemOf(answer)).toMatchObject({ status: 408, code: 'request_timeout' })
  })

  test('a sender that goes on for ever, too, with its body or with its headers', async () => {
    for (const start of [
      head([multipart, 'Content-Length: 10000']) + opening,
      'GET / HTTP/1.1\r\nX: ',
    ]) {
      const answer = await drip(server.url, start)
      expect(problemOf(answer)).toMatchObject({ status: 408, code: 'request_timeout' })
    }
  })

  test('a reader that never reads is closed, one that reads slowly is not', async () => {
    const asked = `GET /api/images/${id}/file HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
    const { hostname, port } = new URL(server.url)
    const never = connect(Number(port), hostname)
    never.on('error', () => {})
    never.pause()
    never.write(asked)
    const slow = connect(Number(port), hostname)
    let read = 0
    let pauses = 0
    slow.on('data', (chunk) => {
      read += chunk.length
      if (read < pauses * 2_000_000) return
      pauses += 1
      slow.pause()
      void setTimeout(400).then(() => slow.resume())
    })
    slow.write(asked)
    await expect.poll(() => read, { timeout: 10_000 }).toBeGreaterThan(2400 * 2000 * 3)
    slow.destroy()
    // What the system holds for it comes still; then the end, long before the file's.
    let got = 0
    never.on('data', (chunk) => (got += chunk.length))
    never.resume()
    await new Promise((resolve) => never.once('close', resolve))
    expect(got).toBeLessThan(2400 * 2000 * 3)
  })

  test('a caller that waits for a slow answer is left alone', async () => {
    const slow = await startServer({ REQUEST_TIMEOUT_S: '2', IDLE_TIMEOUT_S: '1' })
    const { store } = slow.services.deps
    const { search } = store
    vi.spyOn(store, 'search').mockImplementation(async (query) => {
      await setTimeout(4000)
      return search.call(store, query)
    })
    expect((await slow.search(await jpeg(1))).status).toBe(200)
    await slow.stop()
  })
})

/** Sends a body in chunks until an answer comes. */
function sendEndlessly(url: string, start: string, first: string, piece: Buffer) {
  return new Promise<{ status: number; sent: number }>((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let sent = 0
    socket.on('error', reject)
    socket.once('data', (answer) => {
      socket.destroy()
      resolve({ status: Number(answer.toString('latin1').slice(9, 12)), sent })
    })
    const chunk = Buffer.concat([
      Buffer.from(`${piece.length.toString(16)}\r\n`),
      piece,
      Buffer.from('\r\n'),
    ])
    const more = () => {
      if (socket.destroyed) return
      sent += piece.length
      socket.write(chunk, () => setImmediate(more))
    }
    socket.write(`${start}${first && `${first.length.toString(16)}\r\n${first}\r\n`}`, more)
  })
}

/** Sends all of a body, and reads the answer only then. */
function sendAll(url: string, connection: string, body: Buffer) {
  return new Promise<[number, string]>((resolve, reject) => {
    const headers = {
      'content-type': 'multipart/form-data; boundary=XX',
      'content-length': body.length,
      connection,
    }
    const call = request(`${url}/api/images/search-similar`, {
      method: 'POST',
      headers,
      agent: false,
    })
    const sent = new Promise<void>((done) => call.once('finish', done))
    call.on('error', reject)
    call.once('response', async (response) => {
      await sent
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string }
      resolve([response.statusCode!, code])
    })
    call.end(body)
  })
}

/** A byte every tenth of a second, until the server has had enough. */
function drip(url: string, start: string) {
  return new Promise<{ status: number; text: string; closed: boolean }>((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let text = ''
    const timer = setInterval(() => socket.writable && socket.write('x'), 100)
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(timer)
      resolve({ status: Number(text.slice(9, 12)), text, closed: true })
    })
    socket.write(start)
  })
}
