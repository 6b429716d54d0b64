import { readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createClient } from '@lookalike/sdk'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli } from './support/cli.ts'
import { drawPictures, libraryOf, temporaryFolder, type Folder } from './support/library.ts'
import { startProxy } from './support/proxy.ts'

let server: TestServer
let folder: Folder
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  await folder.remove()
  await createClient({ baseUrl: server.url }).removeMatching({})
})

const uriOf = (...names: string[]) => pathToFileURL(join(folder.path, ...names)).href
const importJson = async (...args: string[]) => {
  const { out, code, err } = await cli(server.url, ['--json', 'import', ...args])
  return { code, err, ...(JSON.parse(out) as Record<string, number>) }
}

test('a folder is brought in once; after that only what is new or changed is sent', async () => {
  await drawPictures(folder, 'cats', 3)
  await folder.write('notes.txt', 'no picture, and not sent')
  const proxy = await startProxy(server.url)
  const run = () => cli(proxy.url, ['import', folder.path])

  const first = await run()
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(first.out).toMatch(
    /^3 pictures in \d+\.\d s: 3 sent\.\nRead: 3 JPEG\. Left out: 1 document\.\n$/,
  )
  expect((await libraryOf(server.url)).map(({ image_uri }) => image_uri)).toEqual(
    [0, 1, 2].map((at) => uriOf('cats', `${at}.jpg`)),
  )

  const sentBefore = proxy.count('POST', '/api/images/index')
  expect((await run()).out).toContain('3 unchanged')
  expect(proxy.count('POST', '/api/images/index')).toBe(sentBefore)

  await folder.write('cats/1.jpg', await jpeg(51, 64, 48))
  await folder.write('cats/new.JPG', await jpeg(52, 64, 48))
  expect((await run()).out).toContain('2 sent, 2 unchanged')
  const after = await libraryOf(server.url)
  expect(after).toHaveLength(4)
  proxy.stop()
})

test('a picture that fails is told with its reason and does not stop the others', async () => {
  await drawPictures(folder, '.', 2)
  const broken = await folder.write('broken.jpg', 'this is text')
  const report = join(folder.path, 'report.jsonl')
  const { code, out, err } = await cli(server.url, ['import', folder.path, '--report', report])

  expect(code).toBe(1)
  expect(out).toContain('2 sent, 1 failed')
  expect(err).toContain(`${broken}: The file is`)
  const lines = (await readFile(report, 'utf8')).trim().split('\n').map((line) => JSON.parse(line)) // prettier-ignore
  expect(lines).toHaveLength(3)
  expect(lines.find(({ source }) => source === broken)).toMatchObject({ outcome: 'failed' })
  const [sent] = lines.filter(({ outcome }) => outcome === 'sent')
  expect(sent.sha256).toMatch(/^[0-9a-f]{64}$/)
})

test('a file larger than the server accepts is refused before it is read', async () => {
  const large = await folder.write('large.png', new Uint8Array(20_000_001))
  const { code, err } = await cli(server.url, ['import', large])
  expect(code).toBe(1)
  expect(err).toContain('MAX_UPLOAD_MB')
})

test('a moved file keeps its record; copies are pictures of their own', async () => {
  await drawPictures(folder, 'old', 2)
  await importJson(folder.path)
  const before = await libraryOf(server.url)
  await rename(join(folder.path, 'old/0.jpg'), join(folder.path, 'moved.jpg'))
  await folder.write('copy.jpg', await jpeg(1, 64, 48))

  expect(await importJson(folder.path)).toMatchObject({ moved: 1, unchanged: 1, sent: 1 })
  const after = await libraryOf(server.url)
  expect(after).toEqual(expect.arrayContaining(before))
  expect(after.map(({ image_uri }) => image_uri)).toEqual([
    uriOf('copy.jpg'),
    uriOf('old', '0.jpg'),
    uriOf('old', '1.jpg'),
  ])
  expect(await importJson(folder.path, '--prune', '--yes')).toMatchObject({ removed: 0, moved: 1 })
})

test('--prune removes what has vanished from the folder, shown and agreed to', async () => {
  await drawPictures(folder, 'a', 3)
  await server.index(await jpeg(9), { image_uri: 'https://example.org/other.jpg' })
  await importJson(folder.path)
  await rm(join(folder.path, 'a/1.jpg'))

  const unasked = await cli(server.url, ['import', folder.path, '--prune'])
  expect(unasked.code).toBe(1)
  expect(unasked.err).toMatch(/vanished.*a\/1\.jpg.*--yes/s)
  expect(await libraryOf(server.url)).toHaveLength(4)

  const refused = await cli(server.url, ['import', folder.path, '--prune'], { ask: async () => '' })
  expect(refused.code).toBe(0)
  expect(await libraryOf(server.url)).toHaveLength(4)

  expect(await importJson(folder.path, '--prune', '--yes')).toMatchObject({ removed: 1 })
  const left = (await libraryOf(server.url)).map(({ image_uri }) => image_uri)
  expect(left).toEqual([uriOf('a', '0.jpg'), uriOf('a', '2.jpg'), 'https://example.org/other.jpg'])

  await rm(join(folder.path, 'a'), { recursive: true })
  const unmounted = await cli(server.url, ['import', folder.path, '--prune', '--yes'])
  expect(unmounted.err).toContain('holds no pictures at all')
  expect(await libraryOf(server.url)).toHaveLength(3)
})

test('metadata comes from folder names, a manifest and sidecars, the nearest winning', async () => {
  await drawPictures(folder, 'fox', 2)
  await drawPictures(folder, 'owl', 1, 5)
  await folder.write('fox/0.jpg.json', '{"category":"red fox","description":"A fox asleep."}')
  const csv = await folder.write(
    'list.csv',
    'file,year,code,note\nfox/0.jpg,2024,007,\n"fox/1.jpg",2025,x,"a, b"\n',
  )
  const options = ['--metadata', 'category={dir}', '--metadata', 'rating=4', '--manifest', csv]
  expect(await importJson(folder.path, ...options)).toMatchObject({ sent: 3 })
  const records = await libraryOf(server.url)
  expect(records.map(({ metadata }) => metadata)).toEqual([
    { category: 'red fox', rating: 4, year: 2024, code: '007' },
    { category: 'fox', rating: 4, year: 2025, code: 'x', note: 'a, b' },
    { category: 'owl', rating: 4 },
  ])
  expect(records[0]!.description).toBe('A fox asleep.')

  expect(await importJson(folder.path, ...options)).toMatchObject({ sent: 0, unchanged: 3 })
  await folder.write('owl/0.jpg.json', '{"tame":true}')
  expect(await importJson(folder.path, ...options)).toMatchObject({ updated: 1, unchanged: 2 })
  expect(await importJson(folder.path)).toMatchObject({ updated: 2, unchanged: 1 })
})

test('a manifest alone says what to import, by its own URIs', async () => {
  await drawPictures(folder, 'in', 2)
  const manifest = await folder.write(
    'list.jsonl',
    '{"file":"in/0.jpg","image_uri":"https://example.org/0","metadata":{"n":[1]}}\n\n{"file":"in/1.jpg"}\n',
  )
  expect(await importJson('--manifest', manifest)).toMatchObject({ sent: 2 })
  const records = await libraryOf(server.url)
  expect(records[1]).toMatchObject({ image_uri: 'https://example.org/0', metadata: { n: [1] } })

  await folder.write('list.jsonl', '{"file":"in/0.jpg"}\n{"name":1}\n')
  const wrong = await cli(server.url, ['import', '--manifest', manifest])
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.err).toContain("line 2 has no 'file'")
})

test('a prefix makes URIs that do not depend on where the folder lies', async () => {
  await drawPictures(folder, 'one/ä b', 1)
  const prefix = ['--uri-prefix', 'https://example.org/photos']
  await importJson(join(folder.path, 'one'), ...prefix)
  const [record] = await libraryOf(server.url)
  expect(record!.image_uri).toBe('https://example.org/photos/%C3%A4%20b/0.jpg')

  await rename(join(folder.path, 'one'), join(folder.path, 'two'))
  const two = join(folder.path, 'two')
  expect(await importJson(two, ...prefix)).toMatchObject({ unchanged: 1 })
  await drawPictures(folder, 'two/c', 1, 7)
  await rm(join(two, 'ä b'), { recursive: true })
  expect(await importJson(two, ...prefix, '--prune', '--yes')).toMatchObject({ removed: 1 })
})

test('globs and single files can be named; what names nothing is said before anything is sent', async () => {
  await drawPictures(folder, 'a', 2)
  await drawPictures(folder, 'b', 1, 5)
  expect(await importJson(join(folder.path, '*/0.jpg'))).toMatchObject({ sent: 2 })
  expect(await importJson(join(folder.path, 'a/1.jpg'))).toMatchObject({ sent: 1 })
  const wrong: [string[], RegExp][] = [
    [['nowhere'], /There is no 'nowhere'/],
    [[], /Name what to import/],
    [[folder.path, '--metadata', 'x={nope}'], /\{dir\}, \{path\}/],
    [[folder.path, '--metadata', 'x'], /key=value/],
    [[folder.path, '--uri-prefix', 'photos'], /absolute URI/],
    [[join(folder.path, 'a/1.jpg'), '--prune'], /name one/],
    [[folder.path, '--concurrency', '0'], /above 0/],
  ]
  for (const [args, reason] of wrong) {
    const { code, err } = await cli(server.url, ['import', ...args])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(reason) })
  }
})

test('a person at a terminal sees a bar with rate, end and counts', async () => {
  await drawPictures(folder, 'a', 3)
  const { err } = await cli(server.url, ['import', folder.path], { barColumns: 120 })
  expect(err).toMatch(/█+ 3\/3 {2}\d+\.\d\/s {2}ETA 0:00 {2}sent 3, skipped 0, failed 0\n/)
  expect(err).toContain('░ 0/3')
})

test('what was indexed before pictures had a perceptual hash gets one, without being embedded again', async () => {
  await drawPictures(folder, '.', 2)
  await cli(server.url, ['import', folder.path])
  const { store, embedder } = server.services.deps
  const before = await libraryOf(server.url)
  const records = await store.getWithVectors(before.map(({ id }) => id))
  await store.upsert(
    records.map((record) => {
      const { phash: _, ...file } = record.file!
      return { ...record, file }
    }),
  )
  const old = await libraryOf(server.url)
  expect(old.map(({ phash }) => phash)).toEqual([null, null])
  const embed = vi.spyOn(embedder, 'embedImage')
  expect(await importJson(folder.path)).toMatchObject({ sent: 2 })
  expect(embed).not.toHaveBeenCalled()
  embed.mockRestore()
  const after = await libraryOf(server.url)
  expect(after.map(({ phash }) => phash)).toEqual(before.map(({ phash }) => phash))
  expect(await importJson(folder.path)).toMatchObject({ sent: 0, unchanged: 2 })
})

test('addresses are fetched by the server, once', async () => {
  const picture = await jpeg(3, 64, 48)
  const asked: string[] = []
  const site = createServer((request, response) => {
    asked.push(request.url!)
    if (request.url === '/gone.jpg') response.writeHead(404).end()
    else response.end(picture)
  })
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready))
  const base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  const open = await startServer({ ALLOW_PRIVATE_URLS: '127.0.0.1/32' })
  const list = [`${base}/a.jpg`, `${base}/gone.jpg`]
  try {
    const first = await cli(open.url, ['import', ...list, '--metadata', 'name={name}'])
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining('1 sent, 1 failed') })
    expect(first.err).toContain(`${base}/gone.jpg: `)
    expect(await libraryOf(open.url)).toMatchObject([
      { image_uri: `${base}/a.jpg`, metadata: { name: 'a' } },
    ])
    const again = await cli(open.url, ['import', `${base}/a.jpg`])
    expect(again.out).toContain('1 unchanged')
    expect(asked.filter((path) => path === '/a.jpg')).toHaveLength(1)
  } finally {
    await open.stop()
    site.close()
  }
})
