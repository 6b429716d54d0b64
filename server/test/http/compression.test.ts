import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

const html = '<!doctype html><title>The page</title>'
let server: TestServer
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-page-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), html)
  await writeFile(join(folder, 'assets/a.js'), 'plain')
  await writeFile(join(folder, 'assets/a.js.br'), brotliCompressSync('packed'))
  server = await startServer({}, () => ({ pageFolder: folder }))
  for (let seed = 0; seed < 3; seed++) await server.index(await jpeg(seed))
})
afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** As it comes over the wire; `fetch` would unpack it. */
async function answer(
  path: string,
  headers: Record<string, string>,
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(`${server.url}${path}`, { headers }, async (message) => {
      const chunks: Buffer[] = []
      for await (const chunk of message) chunks.push(chunk as Buffer)
      resolve({ headers: message.headers, body: Buffer.concat(chunks) })
    }).on('error', reject)
  })
}

describe('answers in JSON', () => {
  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('are sent as %s to whoever takes that', async (encoding, unpack) => {
    const { headers, body } = await answer('/api/images', { 'accept-encoding': encoding })
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers.vary).toMatch(/accept-encoding/i)
    expect(headers['content-type']).toBe('application/json')
    expect(JSON.parse(unpack(body).toString()).images).toHaveLength(3)
  })

  test('are sent as they are to others, and where they are small', async () => {
    const plain = await answer('/api/images', {})
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(JSON.parse(plain.body.toString()).images).toHaveLength(3)
    const small = await answer('/api/images?limit=0', { 'accept-encoding': 'br' })
    expect(small.headers['content-encoding']).toBeUndefined()
  })
})

test('what is read while it is written, and what is compressed in itself, stays as it is', async () => {
  const all = { 'accept-encoding': 'br, gzip' }
  const [image] = JSON.parse((await answer('/api/images', {})).body.toString()).images
  for (const path of [
    '/api/export',
    `/api/images/${image.id}/file`,
    `/api/images/${image.id}/thumbnail`,
  ]) {
    const { headers, body } = await answer(path, all)
    expect(headers['content-encoding'], path).toBeUndefined()
    expect(body.length).toBeGreaterThan(0)
  }
  const data = new FormData()
  data.set('image_file', new Blob([new Uint8Array(await jpeg(1))]))
  const events = await fetch(`${server.url}/api/images/search-similar`, {
    method: 'POST',
    headers: { ...all, accept: 'text/event-stream' },
    body: data,
  })
  expect(events.headers.get('content-encoding')).toBeNull()
  expect(await events.text()).toContain('event: result')
})

test('a file of the page that was compressed when it was built is sent so', async () => {
  const packed = await answer('/assets/a.js', { 'accept-encoding': 'br' })
  expect(packed.headers['content-encoding']).toBe('br')
  expect(packed.headers['content-type']).toMatch(/javascript/)
  expect(packed.headers['cache-control']).toContain('immutable')
  expect(packed.headers.vary).toMatch(/accept-encoding/i)
  expect(packed.headers['x-content-type-options']).toBe('nosniff')
  expect(packed.headers['content-security-policy']).toBeUndefined()
  expect(brotliDecompressSync(packed.body).toString()).toBe('packed')
  expect((await answer('/assets/a.js', {})).body.toString()).toBe('plain')
})

test.each(['/', '/library', '/map', '/duplicates', '/graph'])('%s is the page', async (path) => {
  const { headers, body } = await answer(path, {})
  expect(body.toString()).toBe(html)
  expect(headers['cache-control']).toBe('no-cache')
  expect(headers['content-security-policy']).toContain("default-src 'self'")
})
