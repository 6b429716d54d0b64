import { execFileSync } from 'node:child_process'
import { chmod, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClient } from '@lookalike/sdk'
import { encodedQuarters } from '../../server/test/images/making/encoded-quarters.ts'
import { rawFile } from '../../server/test/images/making/raw-file.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { isSystemFile, isSystemFolder } from '../src/import/finding/kinds.ts'
import { cli } from './support/cli.ts'
import { libraryOf, temporaryFolder, type Folder } from './support/library.ts'
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

const small = (seed: number) => jpeg(seed, 64, 48)
const importAll = (...args: string[]) => cli(server.url, ['import', folder.path, ...args])
const report = async () => {
  const file = join(folder.path, '..', `report-${process.pid}.jsonl`)
  const ran = await importAll('--report', file)
  const lines = (await readFile(file, 'utf8')).trim().split('\n').map((line) => JSON.parse(line)) // prettier-ignore
  return { ...ran, lines: lines as { source: string; outcome: string; kind?: string; reason?: string }[] } // prettier-ignore
}
const isRoot = process.getuid?.() === 0

test('a folder of one of everything: each entry is told once, by kind', async () => {
  const preview = await small(20)
  const raw = rawFile('nef', { preview, small: preview })
  const files: [string, string | Uint8Array][] = [
    ['2020/a.jpg', await small(1)],
    ['2020/a.NEF', raw],
    ['2020/alone.nef', raw],
    ['2020/b.heic', Buffer.from(encodedQuarters.heic, 'base64')],
    ['2020/c.jxl', Buffer.from(encodedQuarters.jxl, 'base64')],
    ['2020/without-extension', await small(2)],
    ['2020/film.mp4', 'film'],
    ['2020/other.MOV', 'film'],
    ['2020/a.jpg.json', '{"k":1}'],
    ['2020/notes.txt', 'notes'],
    ['2020/stranger', 'what is this'],
    ['2020/.hidden.jpg', await small(3)],
    ['2020/._a.jpg', 'fork'],
    ['2020/Thumbs.db', 'db'],
    ['@eaDir/a.jpg', await small(4)],
    ['#recycle/a.jpg', await small(5)],
    ['$RECYCLE.BIN/a.jpg', await small(6)],
    ['.thumbnails/a.jpg', await small(7)],
    ['P.photoslibrary/originals/0/d.jpg', await small(8)],
    ['P.photoslibrary/resources/derivatives/d.jpg', await small(9)],
    ['broken.jpg', 'no picture'],
  ]
  for (const [name, content] of files) await folder.write(name, content)
  execFileSync('mkfifo', [join(folder.path, 'pipe.jpg')])
  await symlink('2020', join(folder.path, 'again'))
  await symlink('..', join(folder.path, '2020/up'))
  await symlink('a.jpg', join(folder.path, '2020/same.jpg'))
  await symlink('nowhere.jpg', join(folder.path, 'dead.jpg'))

  const { code, out, err, lines } = await report()
  expect(code).toBe(1)
  expect(err).toMatch(/broken\.jpg: The file is plain text/)
  expect(err).toMatch(/dead\.jpg: The link leads nowhere/)
  const [first, kinds] = out.split('\n')
  expect(first).toMatch(/^8 pictures in .* s: 6 sent, 2 failed\.$/)
  expect(kinds).toMatch(/^Read: .*Not read: 1 dead link, 1 JPEG\. Left out: /)
  for (const part of ['2 JPEG', '1 NEF', '1 HEIC', '1 JPEG XL', '1 other picture', '1 sidecar', '2 videos', '1 document', '1 other file', '1 hidden file', '1 hidden folder', '2 system files', '4 system folders', '1 doubled RAW', '3 repeated links', '1 special file']) expect(kinds).toContain(part) // prettier-ignore
  const told = lines.map(({ source }) => source)
  expect(new Set(told).size).toBe(told.length)
  for (const name of ['2020/film.mp4', '2020/a.NEF', 'pipe.jpg', '@eaDir', '2020/up']) {
    expect(lines.find(({ source }) => source === join(folder.path, name))).toMatchObject({ outcome: 'left_out' }) // prettier-ignore
  }
  expect(await libraryOf(server.url)).toHaveLength(6)
  const json = JSON.parse((await cli(server.url, ['--json', 'import', folder.path])).out)
  expect(json).toMatchObject({ unchanged: 6, failed: 2, kinds: { read: { HEIC: 1 }, left_out: { video: 2 } } }) // prettier-ignore
})

describe('a folder without pictures is an error', () => {
  test.each([
    ['empty', async () => {}],
    ['films alone', async () => void (await folder.write('a/b.mp4', 'film'))],
    ['hidden ones alone', async () => void (await folder.write('.a.jpg', await small(1)))],
  ])('%s', async (_name, fill) => {
    await fill()
    const { code, err } = await importAll()
    expect(code).toBe(1)
    expect(err).toMatch(/The folder has no pictures/)
  })
})

test.skipIf(isRoot)(
  'a folder that may not be opened is one failure, and the others come in',
  async () => {
    await folder.write('open/a.jpg', await small(1))
    await folder.write('shut/b.jpg', await small(2))
    await folder.write('c.jpg', await small(3))
    await chmod(join(folder.path, 'shut'), 0)
    await chmod(join(folder.path, 'c.jpg'), 0)
    const { code, out, err } = await importAll()
    await chmod(join(folder.path, 'shut'), 0o755)
    expect(code).toBe(1)
    expect(out).toContain('1 sent, 2 failed')
    expect(err).toMatch(/shut: The folder could not be opened: you may not read it\./)
    expect(err).toMatch(/c\.jpg: The file cannot be read: you may not read it\./)
  },
)

test('names of 255 bytes, in any script, with spaces and signs, come in under their own URI', async () => {
  const names = [`${'a'.repeat(251)}.jpg`, `${'ä'.repeat(125)}.jpg`, '写真 #1 100%.jpg', "it's [a] {b}.jpg", ' lead.jpg', 'new\nline.jpg'] // prettier-ignore
  for (const [seed, name] of names.entries()) await folder.write(name, await small(seed))
  const { code, out } = await importAll()
  expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining(`${names.length} sent`)])
  expect((await importAll()).out).toContain(`${names.length} unchanged`)
})

test('a name that is not UTF-8 is one failure, told in a form that can be printed', async () => {
  await folder.write('a.jpg', await small(1))
  await writeFile(Buffer.concat([Buffer.from(`${folder.path}/gr`), Buffer.of(0xfc), Buffer.from('n.jpg')]), await small(2)) // prettier-ignore
  const { code, err, out } = await importAll()
  expect(code).toBe(1)
  expect(out).toContain('1 sent, 1 failed')
  expect(err).toMatch(/gr\\xfcn\.jpg: Its name is not UTF-8\. Rename it\./)
})

test('links: each real file is one record, by its own path where it has one here', async () => {
  const outside = await temporaryFolder()
  await outside.write('far/x.jpg', await small(1))
  await folder.write('b/own.jpg', await small(2))
  await symlink(join(outside.path, 'far'), join(folder.path, 'a-link'))
  await symlink(join(outside.path, 'far/x.jpg'), join(folder.path, 'z-link.jpg'))
  await symlink('b/own.jpg', join(folder.path, 'a-first.jpg'))
  await symlink('.', join(folder.path, 'b/circle'))
  const { code, out } = await importAll()
  expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining('2 sent')])
  const uris = (await libraryOf(server.url)).map(({ image_uri }) => image_uri)
  expect(uris.map((uri) => uri.split('/').slice(-2).join('/'))).toEqual([
    'a-link/x.jpg',
    'b/own.jpg',
  ])
  await outside.remove()
})

test('files that vanish or change meanwhile fail, and the next import brings them in', async () => {
  for (let at = 0; at < 6; at++) await folder.write(`${at}.jpg`, await small(at))
  const proxy = await startProxy(server.url)
  const first = cli(proxy.url, ['import', folder.path, '--concurrency', '1'])
  await expect
    .poll(() => proxy.count('POST', '/api/images/index'), { interval: 1 })
    .toBeGreaterThan(0)
  await rename(join(folder.path, '4.jpg'), join(folder.path, 'gone.jpg'))
  await writeFile(join(folder.path, '5.jpg'), await small(99))
  const { code } = await first
  const again = await importAll()
  expect(again.code).toBe(0)
  expect([0, 1]).toContain(code)
  expect(await libraryOf(server.url)).toHaveLength(6)
  const names = (await libraryOf(server.url)).map(({ image_uri }) => image_uri.split('/').at(-1))
  expect(names).toContain('5.jpg')
  proxy.stop()
})

test('a system’s own folders and files are told from a person’s', () => {
  expect(isSystemFolder('@eaDir', '/x')).toBe(true)
  expect(isSystemFolder('2020', '/x')).toBe(false)
  expect(isSystemFolder('originals', '/x/P.photoslibrary')).toBe(false)
  expect(isSystemFolder('resources', '/x/P.photoslibrary')).toBe(true)
  expect(['._a.jpg', 'Thumbs.db', 'a.jpg'].map(isSystemFile)).toEqual([true, true, false])
})
