import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ImagePage } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { jpeg } from '../support/pictures.ts'
import { problemOf, sendRaw } from '../support/raw-http.ts'
import { form, getJson, startServer, type TestServer } from '../support/server.ts'

const known = ['127.0.0.1', 'localhost', 'LOCALHOST', 'app.localhost', '[::1]', '192.168.1.5', '10.0.0.7', '[fe80::1]', 'localhost.', 'mybox', 'x'] // prettier-ignore
const unknown = ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'evil.localhost.example', '127.0.0.1@evil.example', 'a b', 'evil.example/"><script>', '127.0.0.1,evil.example'] // prettier-ignore

async function statusAs(server: TestServer, host: string, target = '/api/images') {
  const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', '', '']
  return sendRaw(server.url, lines.join('\r\n'))
}

describe('a server without keys', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  test('answers by its own names and by any address, and by no other name', async () => {
    const { port } = new URL(server.url)
    for (const host of known) {
      for (const spelled of [host, `${host}:${port}`, `${host}:1`]) {
        expect([spelled, (await statusAs(server, spelled)).status]).toEqual([spelled, 200])
      }
    }
    for (const host of [...unknown, `evil.example:${port}`]) {
      for (const target of ['/api/images', '/', '/docs', '/livez', '/nothing']) {
        const answer = await statusAs(server, host, target)
        expect([host, target, answer.status]).toEqual([host, target, expect.toBeOneOf([400, 403])])
      }
    }
    expect(problemOf(await statusAs(server, 'evil.example'))).toMatchObject({
      code: 'unknown_host',
      detail: expect.stringMatching(/ALLOWED_HOSTS/),
    })
    expect((await statusAs(server, 'evil.example', 'http://127.0.0.1/api/images')).status).toBe(403)
  })

  test('takes no change from a page of another site, and every change from a program', async () => {
    const calls: [string, string, () => RequestInit][] = [
      ['POST', '/api/images/index', () => ({ body: form(bytes, { image_uri: 'urn:planted' }) })],
      ['POST', '/api/images/search-similar', () => ({ body: form(bytes) })],
      ['POST', '/api/snapshots', () => ({})],
      ['POST', '/api/reindex', () => ({})],
      ['POST', '/api/session', () => ({ body: '{"key":"k"}' })],
      ['POST', '/api/kg/update', () => ({ body: new URLSearchParams({ update: 'CLEAR ALL' }) })],
      ['DELETE', '/api/images?filter={}', () => ({})],
      ['PATCH', '/api/images/00000000-0000-4000-8000-000000000000', () => ({})],
      ['PUT', '/api/images/00000000-0000-4000-8000-000000000000/description', () => ({})],
      ['POST', '/api/nothing', () => ({})],
    ]
    const bytes = await jpeg(1)
    const { port } = new URL(server.url)
    const foreign: Record<string, string>[] = [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'nonsense' },
      { origin: `http://127.0.0.1:${Number(port) + 1}` },
      { origin: `http://localhost:${port}` },
      { origin: 'http://127.0.0.1' },
      { origin: `http://127.0.0.1:${port}.evil.example` },
      { origin: 'file://' },
      { origin: 'chrome-extension://abc' },
      { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const [method, path, init] of calls) {
      for (const headers of foreign) {
        const { status, body } = await getJson(server.url + path, { ...init(), method, headers })
        expect([method, path, headers, status]).toEqual([method, path, headers, 403])
        expect(body.code).toBe('foreign_origin')
      }
    }
    const own: Record<string, string>[] = [
      {},
      { origin: server.url },
      { origin: server.url.replace('http:', 'https:') },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ]
    for (const headers of own) {
      const call = { method: 'POST', body: form(bytes), headers }
      expect((await getJson(`${server.url}/api/images/search-similar`, call)).status).toBe(200)
    }
    // An <img> of a foreign page cannot read what it asks, and would keep the server busy with it.
    const query = encodeURIComponent('SELECT * {?a ?b ?c}')
    const costly = [`/api/kg/sparql?query=${query}`, '/api/images', '/api/export', '/api/facets/a']
    for (const path of costly) {
      const as = async (headers: Record<string, string>) =>
        (await fetch(server.url + path, { headers: { accept: '*/*', ...headers } })).status
      for (const dest of ['image', 'script', 'iframe', 'empty']) {
        const asked = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': dest }
        expect([path, dest, await as(asked)]).toEqual([path, dest, 403])
        const byScript = { ...asked, origin: 'http://evil.example' }
        expect([path, dest, await as(byScript)]).toEqual([path, dest, 403])
      }
      const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }
      const page = { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' }
      expect([path, await as(link), await as(page)]).toEqual([path, 200, 200])
    }
    const reading = await getJson<ImagePage>(`${server.url}/api/images`, { headers: foreign[0]! })
    expect([reading.status, reading.body.images]).toEqual([200, []])
  })
})

test('more names are allowed by settings; with keys any name will do', async () => {
  const named = await startServer({
    ALLOWED_HOSTS: 'photos.lan, Box',
    PUBLIC_URL: 'https://p.example/x',
  })
  for (const host of ['photos.lan:8000', 'PHOTOS.LAN', 'box', 'p.example', 'localhost']) {
    expect([host, (await statusAs(named, host)).status]).toEqual([host, 200])
  }
  expect((await statusAs(named, 'evil.example')).status).toBe(403)
  const fromPublic = {
    method: 'POST',
    body: form(await jpeg(1)),
    headers: { origin: 'https://p.example' },
  }
  expect((await getJson(`${named.url}/api/images/search-similar`, fromPublic)).status).toBe(200)
  await named.stop()
  const keyed = await startServer({ API_KEYS: 'k' })
  expect((await statusAs(keyed, 'mybox.lan')).status).toBe(401)
  expect((await statusAs(keyed, 'mybox.lan', '/livez')).status).toBe(200)
  const session = await fetch(`${keyed.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"key":"k"}',
  })
  const cookie = session.headers.get('set-cookie')!.split(';')[0]!
  const foreign: [string, string][] = [
    ['origin', 'http://evil.example'],
    ['sec-fetch-site', 'same-site'],
  ]
  for (const [name, value] of foreign) {
    const call = { method: 'DELETE', headers: { cookie, [name]: value } }
    expect((await getJson(`${keyed.url}/api/images?filter={}`, call)).status).toBe(403)
  }
  await keyed.stop()
})

describe('in a browser', () => {
  let browser: Browser
  let elsewhere: Server
  let port: number
  beforeAll(async () => {
    elsewhere = createServer((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>x</title>'),
    )
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    port = (elsewhere.address() as AddressInfo).port
    // As a name that an attacker made lead here; and with the guards that the tests' browser lacks.
    browser = await launchBrowser({
      without: ['disable-web-security', 'site-isolation', 'IsolateOrigins'],
      args: ['--host-resolver-rules=MAP evil.example 127.0.0.1'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await new Promise((resolve) => elsewhere?.close(resolve))
  })

  /** Everything that a page can send without asking first, and what it must ask for. */
  async function attack(base: string, from: string) {
    const page = await browser.newPage()
    await page.goto(from)
    await page.evaluate(async (target) => {
      const canvas = new OffscreenCanvas(40, 40)
      canvas.getContext('2d')!.fillRect(0, 0, 20, 20)
      const blob = await canvas.convertToBlob()
      const data = new FormData()
      data.append('image_file', blob, 'x.png')
      data.append('image_uri', 'https://evil.example/planted')
      const update = new URLSearchParams({ update: 'DELETE WHERE { ?a ?b ?c }' })
      const calls: [string, RequestInit][] = [
        ['/api/images/index', { method: 'POST', mode: 'no-cors', body: data }],
        ['/api/snapshots', { method: 'POST', mode: 'no-cors' }],
        ['/api/kg/update', { method: 'POST', mode: 'no-cors', body: update }],
        ['/api/kg/import', { method: 'POST', mode: 'no-cors', body: '<urn:a> <urn:b> 1 .' }],
        ['/api/images?filter={}', { method: 'DELETE' }],
        ['/api/images?filter={}', { method: 'POST', mode: 'no-cors' }],
      ]
      for (const [path, init] of calls) await fetch(target + path, init).catch(() => {})
      navigator.sendBeacon(`${target}/api/images/index`, data)
      const frame = document.body.appendChild(document.createElement('iframe'))
      frame.name = 'sink'
      const plain = document.createElement('form')
      Object.assign(plain, { action: `${target}/api/snapshots`, method: 'POST', target: 'sink' })
      document.body.append(plain)
      plain.submit()
      await new Promise((resolve) => setTimeout(resolve, 500))
    }, base)
    const read = await page.evaluate(
      (target) =>
        fetch(`${target}/api/images`).then(
          (answer) => answer.text(),
          () => 'blocked',
        ),
      base,
    )
    await page.close()
    return read
  }

  async function libraryOf(server: TestServer, headers: Record<string, string> = {}) {
    const { body } = await getJson<ImagePage>(`${server.url}/api/images`, { headers })
    const graph = await fetch(`${server.url}/api/kg/export`, { headers })
    return { uris: body.images.map(({ image_uri }) => image_uri), graph: await graph.text() }
  }

  test('a page of another site changes nothing and reads nothing, nor by a name made to lead here', async () => {
    const server = await startServer()
    await server.index(await jpeg(1), { image_uri: 'urn:mine' })
    await fetch(`${server.url}/api/kg/update`, {
      method: 'POST',
      headers: { 'content-type': 'application/sparql-update' },
      body: 'INSERT DATA { <urn:mine> <urn:said> "by a person" }',
    })
    const before = await libraryOf(server)
    expect(before.graph).toContain('by a person')
    expect(await attack(server.url, `http://evil.example:${port}/`)).toBe('blocked')
    expect(await attack(server.url, `http://127.0.0.1:${port}/`)).toBe('blocked')
    const rebound = `http://evil.example:${new URL(server.url).port}`
    expect(await attack(rebound, `${rebound}/`)).toContain('unknown_host')
    expect(await libraryOf(server)).toEqual(before)
    await server.stop()
  })

  test('a page of a named origin works, with the plain form of the reference flow', async () => {
    const server = await startServer({ CORS_ORIGINS: `http://127.0.0.1:${port}` })
    await server.index(await jpeg(1), { image_uri: 'urn:mine' })
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    const bytes = (await jpeg(1)).toString('base64')
    const found = await page.evaluate(
      async ([base, encoded]) => {
        const data = new FormData()
        const picture = Uint8Array.from(atob(encoded!), (letter) => letter.charCodeAt(0))
        data.append('image_file', new Blob([picture]), 'a.jpg')
        const answer = await fetch(`${base}/api/images/search-similar`, {
          method: 'POST',
          body: data,
        })
        const { results } = (await answer.json()) as {
          results: { id: string; image_uri: string }[]
        }
        const gone = await fetch(`${base}/api/images/${results[0]!.id}`, { method: 'DELETE' })
        return [results[0]!.image_uri, gone.status]
      },
      [server.url, bytes],
    )
    expect(found).toEqual(['urn:mine', 204])
    await page.close()
    await server.stop()
  })
})
