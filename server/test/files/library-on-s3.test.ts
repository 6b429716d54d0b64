import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeS3 } from '../fakes/s3.ts'
import { jpeg } from '../support/pictures.ts'
import { getHealth, getJson, startServer, type TestServer } from '../support/server.ts'

let s3: FakeS3
const servers: TestServer[] = []
beforeEach(async () => {
  s3 = await new FakeS3().start()
})
afterEach(async () => {
  for (const server of servers.splice(0)) {
    expect(await server.uploads()).toEqual([])
    await server.stop()
  }
  await s3.stop()
})

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer({ ...s3.env, ...env })
  servers.push(server)
  return server
}

test('originals and thumbnails live in the bucket and nowhere else', async () => {
  const server = await start({ S3_PREFIX: 'lookalike' })
  const picture = await jpeg(1, 800, 600)
  const { status, body } = await server.index(picture)
  expect(status).toBe(201)
  const path = `${body.sha256!.slice(0, 2)}/${body.sha256}`
  expect(s3.keys()).toEqual([`lookalike/originals/${path}`, `lookalike/thumbnails/${path}`])
  expect(await readdir(server.dataDir)).not.toContain('files')

  const file = await fetch(body.image_url!)
  expect(file.headers.get('content-type')).toBe('image/jpeg')
  expect(Buffer.from(await file.arrayBuffer()).equals(picture)).toBe(true)
  const thumbnail = await fetch(body.thumbnail_url!)
  expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp'])
  const etag = thumbnail.headers.get('etag')!
  expect((await thumbnail.arrayBuffer()).byteLength).toBeGreaterThan(100)
  const unchanged = await fetch(body.thumbnail_url!, { headers: { 'if-none-match': etag } })
  expect(unchanged.status).toBe(304)

  await fetch(`${server.url}/api/images/${body.id}`, { method: 'DELETE' })
  expect(s3.keys()).toEqual([])
})

test('a second server shows what the first one stored', async () => {
  const { body } = await (await start()).index(await jpeg(1))
  const other = await start()
  const again = await other.index(await jpeg(1))
  expect(again.body.sha256).toBe(body.sha256)
  expect((await fetch(again.body.image_url!)).status).toBe(200)
})

test('with its storage away it starts, searches, says what is missing, and recovers', async () => {
  await s3.stop()
  const server = await start()
  const indexed = await server.index(await jpeg(1))
  expect([indexed.status, indexed.body.code]).toEqual([503, 'files_unavailable'])
  expect(indexed.body.detail).toMatch(/"pictures".*not reachable \(ECONNREFUSED\).*S3_ENDPOINT/)
  expect(Number(indexed.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await server.search(await jpeg(1))).status).toBe(200)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  const ill = await getHealth(server.url)
  expect([ill.status, ill.body.status]).toEqual([200, 'degraded'])
  expect(ill.body.checks.files).toMatchObject({ status: 'unavailable' })

  await s3.start()
  const again = await server.index(await jpeg(1))
  expect(again.status).toBe(201)
  expect((await fetch(again.body.thumbnail_url!)).status).toBe(200)
  expect((await getHealth(server.url)).body.status).toBe('ok')

  await s3.stop()
  const away = await getJson(again.body.image_url!)
  expect([away.status, away.body.code]).toEqual([503, 'files_unavailable'])
})

test('a picture that did not reach the storage is not in the library either', async () => {
  const server = await start()
  s3.fail({ kind: 'status', status: 500, code: 'InternalError' }, 50)
  expect((await server.index(await jpeg(1))).status).toBe(503)
  s3.fail({ kind: 'hang' }, 0)
  const listed = await getJson<{ images: unknown[] }>(`${server.url}/api/images`)
  expect(listed.body.images).toEqual([])
})

test('an original that breaks off is an error for its reader', async () => {
  const server = await start()
  const { body } = await server.index(await jpeg(1, 1200, 900))
  // More than once: thumbnails are read in the background too, for copies to be found.
  s3.fail({ kind: 'cut' }, 20)
  const broken = fetch(body.image_url!).then((response) => response.arrayBuffer())
  await expect(broken).rejects.toThrow()
})

test('FILES=s3 without its settings is refused, naming them', async () => {
  await expect(startServer({ FILES: 's3', S3_BUCKET: 'pictures' })).rejects.toThrow(
    'FILES=s3 also needs S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY.',
  )
})
