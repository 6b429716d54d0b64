import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Health, ImagePage, IndexResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { getHealth, getJson, postForm } from '../support/server.ts'

let folder: string
let data: string
const running: Awaited<ReturnType<typeof startProcess>>[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  data = join(folder, 'data')
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill('SIGKILL')))
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}, command: string[] = []) {
  const started = await startProcess({ DATA_DIR: data, ...env }, folder, undefined, command)
  running.push(started)
  return started
}
const index = (url: string | null, image: Buffer, fields: Record<string, string> = {}) =>
  postForm<IndexResponse>(`${url}/api/images/index`, image, fields)
const uris = async (url: string | null) =>
  (await getJson<ImagePage>(`${url}/api/images`)).body.images.map((one) => one.image_uri)

test('bytes without a URI keep their record when the address changes', async () => {
  const picture = await jpeg(1)
  const first = await start()
  const { image_uri, sha256 } = (await index(first.url, picture)).body
  await first.kill('SIGTERM')
  const changes: Record<string, string>[] = [
    { HOST: '::1' },
    { PUBLIC_URL: 'https://pictures.example/below' },
  ]
  for (const env of changes) {
    const next = await start(env)
    const again = await index(next.url, picture)
    expect([again.status, again.body.image_uri]).toEqual([200, image_uri])
    expect(await uris(next.url)).toEqual([image_uri])
    expect((await fetch(`${next.url}/images/${sha256}`)).status).toBe(200)
    await next.kill('SIGTERM')
  }
})

test('URIs minted under any address are gone on with', async () => {
  const { url } = await start()
  const { sha256 } = (await index(url, await jpeg(0))).body
  const origins = ['http://127.0.0.1:9123', 'http://[::1]:8000', 'https://old.example/lookalike']
  for (const [at, origin] of origins.entries()) {
    const picture = await jpeg(at + 1)
    const minted = (await index(url, picture)).body
    await fetch(`${url}/api/images/${minted.id}`, { method: 'DELETE' })
    const image_uri = `${origin}/images/${minted.sha256}`
    const given = await index(url, picture, { image_uri })
    const again = await index(url, picture)
    expect(again.body).toMatchObject({ id: given.body.id, image_uri })
    expect(await uris(url)).toHaveLength(at + 2)
  }
  expect((await fetch(`${url}/images/${sha256}`)).status).toBe(200)
})

test('an empty library beside originals is a warning, and a library without any is none', async () => {
  const first = await start()
  await index(first.url, await jpeg(1))
  expect((await getHealth(first.url!)).body.status).toBe('ok')
  await first.kill('SIGTERM')
  for (const name of await readdir(data)) {
    if (name.startsWith('library.db')) await rm(join(data, name))
  }
  const second = await start()
  const { status, checks } = (await getHealth(second.url!)).body as Health
  expect([status, checks.store.status]).toEqual(['degraded', 'degraded'])
  expect(checks.store.detail).toMatch(/empty.*backup/)
  expect(second.output()).toContain(checks.store.detail)
})

test('folders in uploads/ are nobody’s business, and what is left of files goes', async () => {
  await mkdir(join(data, 'uploads', 'lost+found', 'x'), { recursive: true })
  await writeFile(join(data, 'uploads', 'left-behind'), '')
  expect((await start()).url).not.toBeNull()
  expect(await readdir(join(data, 'uploads'))).toEqual(['lost+found'])
})

test('a damaged state.db is not to be deleted: it holds what was paid for', async () => {
  await mkdir(data)
  await writeFile(join(data, 'state.db'), 'no database'.repeat(500))
  const { url, output } = await start()
  expect(url).toBeNull()
  expect(output()).toMatch(/state\.db is damaged.*move it to a safe place/)
  expect(output()).not.toMatch(/delete/)
})

test('stopping waits for the answer under way, and not for a connection that is kept after it', async () => {
  const { url, ended, kill } = await start()
  const agent = new http.Agent({ keepAlive: true })
  const request = http.request(`${url}/api/images/index`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'multipart/form-data; boundary=x', expect: '100-continue' },
  })
  const answered = once(request, 'response')
  request.flushHeaders()
  await once(request, 'continue')
  void kill('SIGTERM')
  const isOpen = () => fetch(`${url}/livez`).then(Boolean, () => false)
  await expect.poll(isOpen, { timeout: 10_000 }).toBe(false)
  request.write('--x\r\ncontent-disposition: form-data; name="image_file"; filename="1"\r\n\r\n')
  request.write(await jpeg(1))
  request.end('\r\n--x--\r\n')
  const [response] = (await answered) as [http.IncomingMessage]
  expect(response.statusCode).toBe(201)
  response.resume()
  await once(response, 'end')
  const since = performance.now()
  expect(await ended).toBe(0)
  // The connection alone would have been waited for more than 5 s.
  expect(performance.now() - since).toBeLessThan(4000)
  agent.destroy()
})

test.skipIf(process.platform === 'win32')(
  'few files that may be open: refused to be tried again, never a fault',
  async () => {
    const few = ['bash', '-c', 'ulimit -n 128; exec "$@"', 'x']
    const { url, output } = await start({ GRAPH: 'none', LOG_LEVEL: 'error' }, few)
    const picture = await jpeg(1)
    // More connections alone than files that may be open.
    const answers = await Promise.allSettled(
      Array.from({ length: 150 }, (_, number) =>
        index(url, picture, { image_uri: `urn:${number}`, description: 'x' }),
      ),
    )
    const bad = answers.flatMap((one) =>
      one.status === 'fulfilled' && ![200, 201, 503].includes(one.value.status) ? [one.value] : [],
    )
    expect(bad, output()).toEqual([])
    const isTaken = () =>
      index(url, picture, { image_uri: 'urn:last' }).then(
        ({ status }) => status < 300,
        () => false,
      )
    await expect.poll(isTaken, { timeout: 20_000, interval: 500 }).toBe(true)
  },
  60_000,
)
