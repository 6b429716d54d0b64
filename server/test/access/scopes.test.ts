import { mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Key, MadeKey } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { buildApp } from '../../src/app.ts'
import { WrongKeys } from '../../src/http/access/wrong-keys.ts'
import { Keys } from '../../src/keys/keys.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

const root = { 'x-api-key': 'root-key' }

function withKey(key: string, method = 'GET', body?: object): RequestInit {
  const headers: Record<string, string> = { authorization: `Bearer ${key}` }
  if (!body) return { method, headers }
  headers['content-type'] = 'application/json'
  return { method, headers, body: JSON.stringify(body) }
}

async function make(server: TestServer, name: string, more: object = {}): Promise<MadeKey> {
  const init = withKey('root-key', 'POST', { name, ...more })
  const { status, body, headers } = await getJson<MadeKey>(`${server.url}/api/keys`, init)
  expect([status, headers.get('cache-control')], JSON.stringify(body)).toEqual([201, 'no-store'])
  return body
}

const revoke = (server: TestServer, name: string) =>
  getJson(`${server.url}/api/keys/${name}`, withKey('root-key', 'DELETE'))
const statusOf = async (server: TestServer, key: string) =>
  (await fetch(`${server.url}/api/info`, withKey(key))).status

describe('scopes', () => {
  let server: TestServer
  const key: Record<string, string> = {}
  beforeAll(async () => {
    server = await startServer({ API_KEYS: 'root-key' })
    for (const scope of ['read', 'write', 'admin']) {
      key[scope] = (await make(server, scope, { scope })).key
    }
  })
  afterAll(() => server.stop())

  test('every call takes the key that its description names, and no lesser one', async () => {
    type Operation = { security?: { apiKey?: [string] }[] }
    const { body } = await getJson<{ paths: Record<string, Record<string, Operation>> }>(
      `${server.url}/openapi.json`,
    )
    const tried = new Set<string>()
    for (const [template, methods] of Object.entries(body.paths)) {
      for (const [method, { security = [] }] of Object.entries(methods)) {
        if (template === '/api/session') continue
        const call = `${method} ${template}`
        const scope = security.find(({ apiKey }) => apiKey)!.apiKey![0]
        tried.add(scope)
        // Nothing here is, or it would be deleted.
        const path = template.replaceAll(/\{[^}]+\}/g, '00000000-0000-4000-8000-000000000000')
        const order = ['read', 'write', 'admin']
        for (const held of order) {
          const isEnough = order.indexOf(held) >= order.indexOf(scope)
          if (isEnough && held !== scope) continue
          const answer = await fetch(server.url + path, withKey(key[held]!, method.toUpperCase()))
          const text = await answer.text()
          const refused = answer.status === 403 && text.includes('"code":"forbidden"')
          expect([call, held, refused, answer.status !== 401]).toEqual([
            call,
            held,
            !isEnough,
            true,
          ])
        }
      }
    }
    expect([...tried].toSorted()).toEqual(['admin', 'read', 'write'])
  })

  test('a route that says nothing of who may call it keeps the server from starting', async () => {
    const app = await buildApp(server.services)
    app.get('/api/forgotten', async () => 'everything')
    await expect(app.ready()).rejects.toThrow('GET /api/forgotten has neither a scope')
    await app.close().catch(() => {})
  })

  test('hold for a page that signed in, and HEAD is no way around them', async () => {
    const session = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: key['read'] }),
    })
    const cookie = session.headers.get('set-cookie')!.split(';')[0]!
    const status = async (method: string, path: string) =>
      (await fetch(server.url + path, { method, headers: { cookie } })).status
    expect(await status('GET', '/api/images')).toBe(200)
    expect(await status('DELETE', '/api/images?filter=%7B%7D')).toBe(403)
    expect(await status('HEAD', '/api/keys')).toBe(403)
    expect(await status('PUT', '/api/keys')).toBe(405)
  })
})

describe('a key', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ API_KEYS: 'root-key' })
  })
  afterAll(() => server.stop())

  test('is told once, kept as a hash that only the owner reads, listed, and opens at once', async () => {
    const made = await make(server, 'shop', { scope: 'read', expires_at: '2999-01-01T00:00:00Z' })
    expect(made.key).toMatch(/^lk_[\w-]{43}$/)
    expect(await statusOf(server, made.key)).toBe(200)
    const path = join(server.dataDir, 'keys.json')
    const file = await readFile(path, 'utf8')
    expect(file).toContain('"shop"')
    expect(file).not.toContain(made.key)
    const { mode } = await stat(path)
    expect(process.platform === 'win32' || (mode & 0o777) === 0o600).toBe(true)
    const list = await getJson<{ keys: Key[] }>(`${server.url}/api/keys`, { headers: root })
    expect(JSON.stringify(list.body)).not.toContain(made.key)
    expect(list.body.keys).toMatchObject([
      { name: 'API_KEYS[1]', scope: 'admin', created_at: null, expires_at: null },
      { name: 'shop', scope: 'read', expires_at: '2999-01-01T00:00:00Z' },
    ])
    const again = withKey('root-key', 'POST', { name: 'shop', scope: 'admin' })
    expect((await getJson(`${server.url}/api/keys`, again)).body.code).toBe('key_conflict')
    for (const wrong of [
      { name: 'two words', scope: 'read' },
      { name: 'API_KEYS[1]', scope: 'read' },
      { name: 'x', scope: 'root' },
      { name: 'x', scope: 'read', expires_at: '2001-01-01T00:00:00Z' },
      { name: 'x', scope: 'read', expires_at: 'tomorrow' },
      { name: 'x' },
    ]) {
      const { status } = await getJson(`${server.url}/api/keys`, withKey('root-key', 'POST', wrong))
      expect([wrong, status]).toEqual([wrong, 400])
    }
  })

  test('opens nothing once it is revoked, on this server and others of the folder, nor do its sessions', async () => {
    const other = await startServer({
      API_KEYS: 'root-key',
      DATA_DIR: server.dataDir,
      STORE: 'qdrant',
      GRAPH: 'none',
      QDRANT_URL: 'http://127.0.0.1:1',
    })
    const made = await make(server, 'gone', { scope: 'write' })
    const signed = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: made.key }),
    })
    const cookie = signed.headers.get('set-cookie')!.split(';')[0]!
    const withCookie = async () =>
      (await fetch(`${server.url}/api/info`, { headers: { cookie } })).status
    expect([await statusOf(server, made.key), await withCookie()]).toEqual([200, 200])
    expect(await statusOf(other, made.key)).toBe(200)
    expect((await revoke(server, 'gone')).status).toBe(204)
    expect([await statusOf(server, made.key), await withCookie()]).toEqual([401, 401])
    expect(await statusOf(other, made.key)).toBe(401)
    expect((await revoke(server, 'gone')).status).toBe(404)
    // One of the same name is another key.
    await make(server, 'gone', { scope: 'write' })
    expect([await statusOf(server, made.key), await withCookie()]).toEqual([401, 401])
    await other.stop()
  })

  test('ends when it expires', async () => {
    const expires = new Date(Date.now() + 1500).toISOString()
    const { key } = await make(server, 'brief', { scope: 'read', expires_at: expires })
    expect(await statusOf(server, key)).toBe(200)
    await expect.poll(() => statusOf(server, key)).toBe(401)
  })

  test('of the settings is not revoked over HTTP, nor is the last that looks after keys', async () => {
    const ofSettings = await revoke(server, encodeURIComponent('API_KEYS[1]'))
    expect(ofSettings.status).toBe(400)
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
    const first = new Keys(folder, []).add({ name: 'me', scope: 'admin', expiresAt: null })
    const alone = await startServer({ DATA_DIR: folder })
    const call = (method: string, path: string, body?: object) =>
      getJson<MadeKey>(alone.url + path, withKey(first.text, method, body))
    expect((await call('DELETE', '/api/keys/me')).body.code).toBe('key_conflict')
    await call('POST', '/api/keys', { name: 'you', scope: 'admin' })
    expect((await call('DELETE', '/api/keys/me')).status).toBe(204)
    await alone.stop()
    await rm(folder, { recursive: true })
  })
})

describe('keys.json', () => {
  test('changed by hand holds from the next request on; spoilt or gone it opens nothing more', async () => {
    const server = await startServer({ API_KEYS: 'root-key' })
    const path = join(server.dataDir, 'keys.json')
    const { key } = await make(server, 'shop', { scope: 'read' })
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"read"', '"admin"'))
    expect((await fetch(`${server.url}/api/keys`, withKey(key))).status).toBe(200)
    await writeFile(path, text.slice(0, -10))
    expect(await statusOf(server, key)).toBe(200)
    const refused = await getJson(
      `${server.url}/api/keys`,
      withKey('root-key', 'POST', { name: 'x', scope: 'read' }),
    )
    expect(refused.body).toMatchObject({ code: 'store_unavailable', detail: /keys\.json/ })
    expect(() => new Keys(server.dataDir, [])).toThrow(/keys\.json cannot be read.*not JSON/)
    await unlink(path)
    expect(await statusOf(server, key)).toBe(401)
    await server.stop()
  })

  test('is enough to listen on a public address; gone while the server runs, it still asks', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
    expect(() => loadConfig({ HOST: '0.0.0.0', DATA_DIR: folder })).toThrow(/API_KEYS/)
    const { text } = new Keys(folder, []).add({ name: 'me', scope: 'admin', expiresAt: null })
    expect(loadConfig({ HOST: '0.0.0.0', DATA_DIR: folder }).HOST).toBe('0.0.0.0')
    const server = await startServer({ DATA_DIR: folder })
    expect([await statusOf(server, text), await statusOf(server, 'x')]).toEqual([200, 401])
    await unlink(join(folder, 'keys.json'))
    expect([await statusOf(server, text), (await fetch(`${server.url}/api/info`)).status]).toEqual([
      401, 401,
    ])
    await server.stop()
    await rm(folder, { recursive: true })
  })

  test('gets no first key from a stranger', async () => {
    const server = await startServer()
    const body = JSON.stringify({ name: 'mine', scope: 'admin' })
    const headers = { 'content-type': 'application/json' }
    const answer = await getJson(`${server.url}/api/keys`, { method: 'POST', headers, body })
    expect(answer.body).toMatchObject({ code: 'unsupported', detail: /npm run admin-key/ })
    expect((await fetch(`${server.url}/api/info`)).status).toBe(200)
    await server.stop()
  })
})

describe('wrong keys', () => {
  test('are refused after some, for that address alone, and keep nobody out who has a long key', async () => {
    const server = await startServer({ API_KEYS: 'root-key', TRUST_PROXY: 'loopback' })
    const { key } = await make(server, 'shop', { scope: 'read' })
    const from = (address: string, key: string) =>
      getJson(`${server.url}/api/info`, {
        headers: { 'x-api-key': key, 'x-forwarded-for': address },
      })
    const answers = []
    for (let at = 0; at < 30; at++) answers.push(await from('203.0.113.7', `guess-${at}`))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401))
    expect(statuses.at(-1)).toBe(429)
    const last = answers.at(-1)!
    expect(last.body.code).toBe('rate_limited')
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    // What can be guessed must not be found out here; what cannot is let in.
    expect((await from('203.0.113.7', 'root-key')).status).toBe(429)
    expect((await from('203.0.113.7', key)).status).toBe(200)
    expect((await from('203.0.113.8', 'root-key')).status).toBe(200)
    const signIn = await getJson(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' },
      body: '{"key":"root-key"}',
    })
    expect(signIn.status).toBe(429)
    await server.stop()
  })

  test('are counted in bounded memory, by network, and forgiven with time', () => {
    let now = 0
    const wrong = new WrongKeys(() => now)
    for (let at = 0; at < 30_000; at++) wrong.note(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
    expect(wrong.addresses).toBe(10_000)
    for (let at = 0; at < 20; at++) wrong.note(`2001:db8::${at.toString(16)}`)
    expect(() => wrong.assertFew('2001:db8:0:0:ffff::1')).toThrow(/wrong keys/)
    expect(() => wrong.assertFew('2001:db8:0:1::1')).not.toThrow()
    now = 3100
    expect(() => wrong.assertFew('2001:db8::1')).not.toThrow()
    wrong.note('2001:db8::1')
    expect(() => wrong.assertFew('2001:db8::1')).toThrow()
    now = 10 * 60_000
    for (let at = 0; at < 19; at++) wrong.note('2001:db8::1')
    expect(() => wrong.assertFew('2001:db8::1')).not.toThrow()
  })
})

test('the audit log names who changed what, and is bounded', async () => {
  const server = await startServer({ API_KEYS: 'root-key', AUDIT_LOG_MB: '0.02' })
  const path = join(server.dataDir, 'audit.jsonl')
  const lines = async () =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const { key } = await make(server, 'shop', { scope: 'write' })
  const headers = { 'x-api-key': key }
  const { body: record } = await server.index(await jpeg(1), { image_uri: 'urn:one' }, { headers })
  const { body: second } = await server.index(await jpeg(2), {}, { headers })
  await server.search(await jpeg(1), {}, { headers })
  await fetch(`${server.url}/api/images/${record.id}`, { method: 'DELETE', headers })
  await fetch(`${server.url}/api/images?filter={}&token=hidden`, { method: 'DELETE', headers })
  const several = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }
  const ids = [record.id, second.id]
  await fetch(`${server.url}/api/images/delete`, { ...several, body: JSON.stringify({ ids }) })
  const refused = await getJson(`${server.url}/api/snapshots`, { method: 'POST', headers })
  await fetch(`${server.url}/api/images/${second.id}`, { method: 'DELETE' })
  await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  await revoke(server, 'shop')
  const written = await lines()
  const common = { key: 'shop', address: '127.0.0.1' }
  expect(written).toMatchObject([
    { key: 'API_KEYS[1]', route: '/api/keys', status: 201, ids: ['shop'] },
    { ...common, route: '/api/images/index', status: 201, ids: [record.id] },
    { ...common, route: '/api/images/index', status: 201, ids: [second.id] },
    { ...common, method: 'DELETE', route: '/api/images/:id', status: 204, ids: [record.id] },
    { ...common, route: '/api/images', query: 'filter={}&token=***', status: 200, ids: [second.id], count: 1 }, // prettier-ignore
    { ...common, route: '/api/images/delete', status: 200, ids, count: 2 },
    { ...common, route: '/api/snapshots', status: 403, request_id: refused.body.request_id },
    { ...common, route: '/api/session', signed_in: true, status: 204 },
    { key: 'API_KEYS[1]', method: 'DELETE', route: '/api/keys/:name', status: 204, ids: ['shop'] },
  ])
  expect(written.every(({ time }) => Date.now() - Date.parse(time as string) < 60_000)).toBe(true)
  expect(JSON.stringify(written)).not.toContain(key)
  for (let at = 0; at < 120; at++) {
    const id = '00000000-0000-4000-8000-000000000000'
    await fetch(`${server.url}/api/images/${id}`, { method: 'DELETE', headers: root })
  }
  const sizes = [(await stat(path)).size, (await stat(path.replace('.jsonl', '.1.jsonl'))).size]
  expect(Math.max(...sizes)).toBeLessThanOrEqual(10_000)
  expect((await lines()).length).toBeGreaterThan(0)
  await server.stop()
})
