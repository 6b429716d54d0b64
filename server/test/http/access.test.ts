import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../../src/config.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

describe('with API keys', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ API_KEYS: 'first, second', CORS_ORIGINS: 'https://shop.example' })
  })
  afterAll(() => server.stop())
  const info = (headers: Record<string, string> = {}) =>
    getJson(`${server.url}/api/info`, { headers })

  test('a call without one, or with a wrong one, is 401 and says what to do', async () => {
    const { status, body } = await info()
    expect([status, body.code]).toEqual([401, 'unauthorized'])
    expect(body.detail).toContain('Authorization')
    expect((await info({ authorization: 'Bearer wrong' })).status).toBe(401)
    const { body: refused } = await server.search(await jpeg(1))
    expect(refused.code).toBe('unauthorized')
    expect(await server.uploads()).toEqual([])
  })

  test('either key, in either header, opens', async () => {
    expect((await info({ authorization: 'Bearer first' })).status).toBe(200)
    expect((await info({ 'x-api-key': 'second' })).status).toBe(200)
  })

  test('signing in gives the page a cookie that opens', async () => {
    const signIn = (key: string) =>
      fetch(`${server.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ key }),
      })
    expect((await signIn('wrong')).status).toBe(401)
    const response = await signIn('first')
    expect(response.status).toBe(204)
    const cookie = response.headers.get('set-cookie')!
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/)
    expect((await info({ cookie: cookie.split(';')[0]! })).status).toBe(200)
  })

  test('supervisors need none', async () => {
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })

  test('pages of the named origins may call, others may not', async () => {
    const preflight = (origin: string) =>
      fetch(`${server.url}/api/images/search-similar`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const allowed = await preflight('https://shop.example')
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example')
    const other = await preflight('https://other.example')
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://other.example')
  })
})

test('a caller that sends more pictures than allowed is told when to go on', async () => {
  const server = await startServer({ RATE_LIMIT_PER_MINUTE: '2', API_KEYS: 'a,b' })
  const search = async (key: string) =>
    server.search(await jpeg(1), {}, { headers: { 'x-api-key': key } })
  expect([(await search('a')).status, (await search('a')).status]).toEqual([200, 200])
  const { status, headers, body } = await search('a')
  expect([status, body.code]).toEqual([429, 'rate_limited'])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await search('b')).status).toBe(200)
  const reading = await getJson(`${server.url}/api/info`, { headers: { 'x-api-key': 'a' } })
  expect(reading.status).toBe(200)
  await server.stop()
})

describe('settings', () => {
  test('a public address without keys is refused, unless that is meant', () => {
    expect(() => loadConfig({ HOST: '0.0.0.0' })).toThrow(/API_KEYS.*ALLOW_ANONYMOUS=true/s)
    expect(loadConfig({ HOST: '0.0.0.0', API_KEYS: 'k' }).HOST).toBe('0.0.0.0')
    expect(loadConfig({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true' }).HOST).toBe('0.0.0.0')
  })

  test('an unknown choice names the valid ones, and every mistake is told at once', () => {
    const mistakes = () => loadConfig({ EMBEDDER: 'clip', STORE: 'redis', PORT: 'eighty' })
    expect(mistakes).toThrow(ConfigError)
    expect(mistakes).toThrow(/visual, openai, local, or server/)
    expect(mistakes).toThrow(/embedded or qdrant/)
    expect(mistakes).toThrow(/PORT/)
  })

  test('the embedder follows from the key, and openai without one is refused', () => {
    expect(loadConfig({}).EMBEDDER).toBe('visual')
    expect(loadConfig({ OPENAI_API_KEY: 'sk-1' }).EMBEDDER).toBe('openai')
    expect(loadConfig({ OPENAI_API_KEY: ' ' }).EMBEDDER).toBe('visual')
    expect(() => loadConfig({ EMBEDDER: 'openai' })).toThrow(/OPENAI_API_KEY/)
    const local = { EMBEDDER: 'openai', OPENAI_BASE_URL: 'http://localhost:11434/v1' }
    expect(loadConfig(local).EMBEDDER).toBe('openai')
  })
})
