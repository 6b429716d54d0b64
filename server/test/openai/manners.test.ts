import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { startWebServer } from '../fakes/web-server.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

let openai: FakeOpenAi
let server: TestServer
beforeEach(async () => {
  openai = await startFakeOpenAi()
  server = await startServer(openAiSettings(openai))
})
afterEach(async () => {
  await server.stop()
  await openai.stop()
})

/** What becomes of a search when the vision model answers so. */
async function answered(body: unknown, status = 200, headers: Record<string, string> = {}) {
  openai.behave({ respond: () => ({ status, body, headers }) })
  return server.search(await jpeg(1))
}

describe('an error that comes as a success is that error', () => {
  test.each<[unknown, number, string, RegExp]>([
    [{ error: { message: 'no such model', code: 404 } }, 502, 'provider_rejected', /no such model/],
    [{ error: { message: 'No auth', code: 401 } }, 502, 'provider_rejected', /OPENAI_API_KEY/],
    [{ error: { message: 'The engine is overloaded' } }, 503, 'provider_unavailable', /overloaded/],
    [{ error: 'this model has no eyes' }, 502, 'provider_rejected', /has no eyes/],
    [[{ error: { message: 'bad picture', code: 400 } }], 502, 'provider_rejected', /bad picture/],
    [{ object: 'error', message: 'out of memory', code: 500 }, 503, 'provider_unavailable', /out of memory/], // prettier-ignore
    [{ success: false, errors: [{ message: 'too large' }] }, 502, 'provider_rejected', /too large/],
    [{ code: 'InvalidInput', message: 'bad url' }, 502, 'provider_rejected', /bad url/],
    [{ choices: [{ finish_reason: 'error', message: { content: 'A red' }, error: { code: 502, message: 'upstream broke' } }] }, 503, 'provider_unavailable', /upstream broke/], // prettier-ignore
    [{ error: { message: 'Rate limit reached', type: 'rate_limit_error' } }, 503, 'provider_unavailable', /Rate limit/], // prettier-ignore
    [{ error: { message: 'You exceeded', code: 'insufficient_quota' } }, 402, 'budget_exhausted', /quota/], // prettier-ignore
  ])('%j', async (body, status, code, detail) => {
    const answer = await answered(body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body.detail).toMatch(detail)
    expect(openai.embeddings).toEqual([])
  })

  test('and an empty field of that name is none', async () => {
    const choices = [{ finish_reason: 'stop', message: { content: 'A fox.' } }]
    openai.behave({ respond: (kind) => (kind === 'chat' ? { body: { error: null, choices } } : undefined) }) // prettier-ignore
    expect((await server.search(await jpeg(1))).status).toBe(200)
  })
})

describe('a quota that is used up is final, told as such and asked for once', () => {
  test.each<[number, unknown]>([
    [429, { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' } }], // prettier-ignore
    [402, { error: { message: 'Insufficient Balance' } }],
    [402, 'Payment Required'],
    [403, { error: { message: 'Your account is out of credits.' } }],
    [400, { error: { message: 'Hard limit', code: 'billing_hard_limit_reached' } }],
    [429, { error: { message: 'Insufficient credits. Add more.' } }],
  ])('%i %j', async (status, error) => {
    const { status: answer, body, headers } = await answered(error, status)
    expect([answer, body.code, body.retryable]).toEqual([402, 'budget_exhausted', false])
    expect(body.detail).toMatch(/quota of your account/)
    expect(headers.get('retry-after')).toBeNull()
    expect(openai.calls()).toEqual([1, 0])
  })

  test('a limit per minute is not that', async () => {
    const error = { message: 'You exceeded your current quota', status: 'RESOURCE_EXHAUSTED' }
    const { body } = await answered([{ error }], 429, { 'retry-after': '0' })
    expect(body.code).toBe('provider_unavailable')
    expect(openai.calls()).toEqual([3, 0])
  })
})

test.each([
  ['1000000000', '3600'],
  ['Fri, 31 Dec 2399 23:59:59 GMT', '3600'],
  ['-5', '5'],
  ['soon', '5'],
])('retry-after %s is passed on as %s', async (given, told) => {
  const { headers } = await answered({}, 429, { 'retry-after': given })
  expect(headers.get('retry-after')).toBe(told)
})

describe('an answer is read up to a bound', () => {
  test.each<[string, unknown, number]>([
    ['one of many megabytes', `{"choices":[{"message":{"content":"${'x'.repeat(9e6)}"}}]}`, 200],
    ['an error of many megabytes', `{"error":{"message":"${'x'.repeat(9e6)}"}}`, 400],
  ])('%s', async (_name, body, status) => {
    const answer = await answered(body, status)
    expect([answer.status, answer.body.code]).toEqual([502, 'provider_rejected'])
    expect(answer.body.detail).toMatch(/larger than 4 MB/)
  })

  test('also when it never ends, and the connection is dropped', async () => {
    const endless = await startWebServer()
    let left = false
    endless.serve('/v1/chat/completions', (response) => {
      response.on('close', () => (left = true))
      const more = () => response.write(Buffer.alloc(65_536, ' '), (error) => error ?? more())
      more()
    })
    const other = await startServer({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: `${endless.url}/v1` })
    expect((await other.search(await jpeg(1))).body.detail).toMatch(/larger than 4 MB/)
    await expect.poll(() => left).toBe(true)
    await other.stop()
    await endless.stop()
  })
})

test.each([
  { prompt_tokens: -1e12, completion_tokens: 'x' },
  { prompt_tokens: 1e300, completion_tokens: null },
  { prompt_tokens: 'many' },
  null,
])('usage of %j counts for nothing', async (usage) => {
  const chat = { choices: [{ message: { content: 'A fox.' } }], usage }
  openai.behave({
    respond: (kind, { dimensions }) => ({
      body: kind === 'chat' ? chat : { data: [{ embedding: Array(dimensions).fill(1) }], usage },
    }),
  })
  const { status, body } = await server.search(await jpeg(1))
  expect(status).toBe(200)
  expect(body.usage).toEqual({ calls: 2, input_tokens: 0, output_tokens: 0, estimated_usd: 0 })
  const used = await getJson<{ days: object[] }>(`${server.url}/api/usage`)
  for (const day of used.body.days) expect(day).toMatchObject({ input_tokens: 0, estimated_usd: 0 })
})

describe('a redirect of the provider', () => {
  test.each([301, 302, 303, 307, 308])('to another host is refused: %i', async (status) => {
    const thief = await startFakeOpenAi()
    const location = thief.url.replace('127.0.0.1', 'localhost')
    const { body } = await answered('', status, { location: `${location}/chat/completions` })
    expect(body.code).toBe('provider_rejected')
    expect(body.detail).toMatch(/redirects to another address/)
    expect(thief.keys).toEqual([])
    await thief.stop()
  })

  test('to another port is refused as well', async () => {
    const thief = await startFakeOpenAi()
    const { body } = await answered('', 307, { location: `${thief.url}/chat/completions` })
    expect([body.code, thief.keys]).toEqual(['provider_rejected', []])
    await thief.stop()
  })

  test('to another path is followed, with key and picture', async () => {
    openai.behave({
      respond: (kind) =>
        kind === 'chat' && openai.chats.length === 1
          ? { status: 307, headers: { location: '/v1/chat/completions' }, body: '' }
          : undefined,
    })
    expect((await server.search(await jpeg(1))).status).toBe(200)
    expect(openai.keys.slice(0, 2)).toEqual(['Bearer sk-secret', 'Bearer sk-secret'])
    expect(openai.chats[1]).toEqual(openai.chats[0])
  })

  test('that never ends is given up', async () => {
    const { body } = await answered('', 307, { location: '/v1/chat/completions' })
    expect(body.code).toBe('provider_rejected')
    expect(openai.chats.length).toBeLessThan(6)
  })
})

describe('a proxy', () => {
  /** Passes requests on, and tunnels, to the fake whatever host they name. */
  async function startProxy() {
    const asked: string[] = []
    const target = new URL(openai.url)
    const proxy = createServer(async (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      const { pathname } = new URL(request.url!)
      const headers = request.headers as Record<string, string>
      const body: Buffer[] = []
      for await (const chunk of request) body.push(chunk as Buffer)
      const answer = await fetch(new URL(pathname, target), {
        method: request.method!,
        headers: { 'content-type': headers['content-type']! },
        body: Buffer.concat(body),
      })
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`)
      const upstream = connect(Number(target.port), target.hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        upstream.pipe(socket).pipe(upstream)
      })
      upstream.on('error', () => socket.destroy())
      socket.on('error', () => upstream.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const stop = () => new Promise((resolve) => (proxy.close(resolve), proxy.closeAllConnections()))
    return { address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked, stop }
  }

  test.each(['HTTP_PROXY', 'http_proxy'])('of %s is used for http', async (name) => {
    const proxy = await startProxy()
    const other = await startServer({
      ...openAiSettings(openai, { OPENAI_BASE_URL: 'http://models.example/v1' }),
      [name]: proxy.address,
    })
    expect((await other.search(await jpeg(1))).status).toBe(200)
    expect(proxy.asked[0]).toBe('POST http://models.example/v1/chat/completions')
    await other.stop()
    await proxy.stop()
  })

  test('of HTTPS_PROXY is asked for a tunnel', async () => {
    const proxy = await startProxy()
    const other = await startServer({
      OPENAI_API_KEY: 'k',
      OPENAI_BASE_URL: 'https://models.example/v1',
      HTTPS_PROXY: `http://${proxy.address}`,
    })
    // The fake has no certificate.
    expect((await other.search(await jpeg(1))).body.detail).toMatch(/cannot be reached/)
    expect(proxy.asked[0]).toBe('CONNECT models.example:443')
    await other.stop()
    await proxy.stop()
  })

  test.each<Record<string, string>>([
    {},
    { NO_PROXY: 'other.example,10.0.0.1' },
    { NO_PROXY: '*' },
  ])('is not asked for what is on this machine, nor where it is switched off: %j', async (env) => {
    const proxy = await startProxy()
    const other = await startServer(openAiSettings(openai, { HTTP_PROXY: proxy.address, ...env }))
    expect((await other.search(await jpeg(1))).status).toBe(200)
    expect(proxy.asked).toEqual([])
    await other.stop()
    await proxy.stop()
  })

  test('is not asked for hosts of NO_PROXY', async () => {
    const proxy = await startProxy()
    const other = await startServer({
      ...openAiSettings(openai, { OPENAI_BASE_URL: 'http://models.invalid/v1' }),
      HTTP_PROXY: proxy.address,
      NO_PROXY: '.invalid',
    })
    expect((await other.search(await jpeg(1))).body.code).toBe('provider_unavailable')
    expect(proxy.asked).toEqual([])
    await other.stop()
    await proxy.stop()
  })

  test('without an address is an error of the settings', async () => {
    const env = openAiSettings(openai, { HTTPS_PROXY: 'ftp://proxy' })
    await expect(startServer(env)).rejects.toThrow(/HTTPS_PROXY: must be an address/)
  })
})
