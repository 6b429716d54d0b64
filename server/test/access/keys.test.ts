import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiDocument } from '../support/api-requests.ts'
import { jpeg } from '../support/pictures.ts'
import { sendTarget } from '../support/raw-http.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

const withKey = { headers: { 'x-api-key': 'first' } }

describe('a server with keys', () => {
  let server: TestServer
  let sha256: string
  beforeAll(async () => {
    server = await startServer({ API_KEYS: 'first,second' })
    const { body } = await server.index(await jpeg(1), {}, withKey)
    sha256 = body.sha256!
  })
  afterAll(() => server.stop())

  test('lets nobody in by another spelling of an address', async () => {
    const targets: [string, string][] = [
      ['GET', '/api/images'],
      ['GET', '/api/export'],
      ['GET', '/api/kg/export'],
      ['GET', `/images/${sha256}`],
      ['POST', '/api/snapshots'],
      ['DELETE', '/api/images?filter=%7B%7D'],
      ['DELETE', '/api/reindex'],
      ['GET', '/api/images/search-similar'],
    ]
    const escape = (letter: string) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`
    const spellings: ((path: string) => string)[] = [
      (path) => path,
      (path) => path.replace('a', escape),
      (path) => path.replaceAll(/[a-z]/g, escape),
      (path) => path.replaceAll(/[a-z]/g, (letter) => escape(letter).toUpperCase()),
      (path) => path.replaceAll(/[a-z]/g, (letter) => escape(escape(letter))),
      (path) => path.toUpperCase(),
      (path) => `/${path}`,
      (path) => path.replaceAll('/', '//'),
      (path) => `/.${path}`,
      (path) => `/x/..${path}`,
      (path) => `/docs/..${path}`,
      (path) => `/assets/%2e%2e${path}`,
      (path) => `/livez/..;${path}`,
      (path) => path.replaceAll('/', '\\'),
      (path) => path.replace('?', '/?'),
      (path) => path.replace('/api', '/api;x=1'),
      (path) => `${path}#/livez`,
      (path) => `http://127.0.0.1${path}`,
      (path) => `http://127.0.0.1/livez/..${path}`,
      (path) => `http://livez?${path}`,
      (path) => `http://x@127.0.0.1${path}`,
      (path) => path.slice(1),
      (path) => `${path}%00`,
      (path) => `${path}%`,
      (path) => path.replace('/api', '/ａpi').normalize('NFC'),
    ]
    for (const [method, target] of targets) {
      for (const [at, spell] of spellings.entries()) {
        const answer = await sendTarget(server.url, method, spell(target))
        expect([400, 401], `${method} ${target} ${at}: ${answer.text}`).toContain(answer.status)
      }
    }
    const { body } = await getJson<{ images: unknown[] }>(`${server.url}/api/images`, withKey)
    expect(body.images).toHaveLength(1)
  })

  test('refuses every path, known or not, that is not meant for everybody', async () => {
    const segment = fc.constantFrom('api', 'images', 'API', '%61pi', 'x', '..', '', 'docs%2f', 'livez2') // prettier-ignore
    const path = fc.array(segment, { minLength: 1, maxLength: 4 })
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
    const openSpellings = new Set(['/', '//', '///', '////'])
    await fc.assert(
      fc.asyncProperty(method, path, async (verb, segments) => {
        const target = `/${segments.join('/')}`
        if (openSpellings.has(target)) return
        const { status } = await sendTarget(server.url, verb, target)
        // 400: no address at all, for whoever looks for files.
        expect([400, 401], `${verb} ${target}`).toContain(status)
      }),
      { numRuns: 150, seed: 3 },
    )
  })

  test('opens only what is meant for everybody', async () => {
    const document = await getJson<ApiDocument>(`${server.url}/openapi.json`)
    const open: string[] = []
    for (const [template, methods] of Object.entries(document.body.paths)) {
      const path = template.replaceAll(/\{[^}]+\}/g, '00000000-0000-4000-8000-000000000000')
      for (const method of Object.keys(methods)) {
        const { status } = await fetch(server.url + path, { method: method.toUpperCase() })
        if (status !== 401) open.push(`${method} ${path}`)
      }
    }
    expect(open).toEqual(['post /api/session', 'delete /api/session'])
    for (const path of ['/livez', '/readyz', '/docs', '/openapi.json', '/']) {
      expect([path, (await fetch(server.url + path)).status]).toEqual([path, 200])
    }
    const asked = await fetch(`${server.url}/livez?x=/api/`)
    expect(asked.status).toBe(200)
  })
})

describe('a session', () => {
  const signIn = (url: string, key: string) => sendJson('POST', `${url}/api/session`, { key })
  const cookieOf = ({ headers }: { headers: Headers }) => headers.get('set-cookie')!
  const pair = (cookie: string) => cookie.split(';')[0]!
  const statusWith = async (url: string, cookie: string) =>
    (await getJson(`${url}/api/info`, { headers: { cookie } })).status

  test('is a proof of the key, not the key; it outlives a restart and ends with the key', async () => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'lookalike-'))
    const server = await startServer({ DATA_DIR, API_KEYS: 'a-long-key' })
    const cookie = cookieOf(await signIn(server.url, 'a-long-key'))
    expect(cookie).not.toContain('a-long-key')
    expect(cookie).toMatch(/Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(await statusWith(server.url, pair(cookie))).toBe(200)
    const signed = { headers: { cookie: pair(cookie) } }
    expect((await getJson(`${server.url}/api/info`, signed)).body).toMatchObject({
      signed_in: true,
    })
    const wrongKey = { headers: { ...signed.headers, 'x-api-key': 'other' } }
    expect((await getJson(`${server.url}/api/info`, wrongKey)).status).toBe(401)
    await server.stop()
    const again = await startServer({ DATA_DIR, API_KEYS: 'new-key,a-long-key' })
    expect(await statusWith(again.url, pair(cookie))).toBe(200)
    await again.stop()
    const without = await startServer({ DATA_DIR, API_KEYS: 'new-key' })
    expect(await statusWith(without.url, pair(cookie))).toBe(401)
    await without.stop()
    await rm(DATA_DIR, { recursive: true })
  })

  test('cannot be made up, and there is none after its end', async () => {
    const server = await startServer({ API_KEYS: 'a-long-key' })
    const [name, value] = pair(cookieOf(await signIn(server.url, 'a-long-key'))).split('=')
    const forged = [
      'a-long-key',
      '',
      `${value}0`,
      value!.slice(1),
      value!.toUpperCase(),
      createHash('sha256').update(value!).digest('hex'),
      createHash('sha256').update(value!).digest('base64url'),
    ]
    for (const text of forged) expect(await statusWith(server.url, `${name}=${text}`)).toBe(401)
    const out = { method: 'DELETE', headers: { cookie: `${name}=${value}` } }
    expect((await fetch(`${server.url}/api/session`, out)).status).toBe(204)
    // A copy of the cookie that somebody kept.
    expect(await statusWith(server.url, `${name}=${value}`)).toBe(401)
    await server.stop()
  })

  test('ends with signing out, and leaves those of other servers on this host alone', async () => {
    const one = await startServer({ API_KEYS: 'key-one' })
    const two = await startServer({ API_KEYS: 'key-two' })
    const cookies = [
      pair(cookieOf(await signIn(one.url, 'key-one'))),
      pair(cookieOf(await signIn(two.url, 'key-two'))),
    ]
    const names = cookies.map((cookie) => cookie.split('=')[0]!)
    expect(new Set(names).size).toBe(2)
    const both = cookies.join('; ')
    expect([await statusWith(one.url, both), await statusWith(two.url, both)]).toEqual([200, 200])
    const out = await fetch(`${one.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie: both },
    })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie()).toHaveLength(1)
    expect(out.headers.get('set-cookie')).toMatch(new RegExp(`^${names[0]}=;.*Path=/;.*Expires=Thu, 01 Jan 1970`)) // prettier-ignore
    await one.stop()
    await two.stop()
  })

  test.each([
    [{ PUBLIC_URL: 'https://host.example/lookalike' }, /Path=\/lookalike\/;.*Secure/],
    [{ PUBLIC_URL: 'https://host.example' }, /Path=\/;.*Secure/],
    [{ PUBLIC_URL: 'http://host.example' }, /^(?!.*Secure)/],
    [{}, /^(?!.*Secure)/],
  ])('with %j has the cookie %s', async (env, expected) => {
    for (const keys of [{ API_KEYS: 'k' }, {}] as Record<string, string>[]) {
      const server = await startServer({ ...env, ...keys })
      expect(cookieOf(await signIn(server.url, 'k'))).toMatch(expected)
      await server.stop()
    }
  })
})

test('a made-up key does not make a caller anew, with keys or without', async () => {
  for (const env of [{}, { API_KEYS: 'first' }] as Record<string, string>[]) {
    const server = await startServer({ ...env, RATE_LIMIT_PER_MINUTE: '2' })
    const statuses: number[] = []
    for (let at = 0; at < 4; at++) {
      const headers = { 'x-api-key': `made-up-${at}`, 'x-forwarded-for': `10.0.0.${at}` }
      statuses.push((await server.search(await jpeg(1), {}, { headers })).status)
    }
    expect(statuses).toEqual(env['API_KEYS'] ? [401, 401, 401, 401] : [200, 200, 429, 429])
    await server.stop()
  }
})
