import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SearchResponse } from '@lookalike/sdk'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { run } from '../src/run.ts'
import { cli, spawnCli } from './support/cli.ts'
import { drawPictures, libraryOf, temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
let picture: string
const id = '00000000-0000-4000-8000-000000000000'
beforeAll(async () => {
  server = await startServer()
  folder = await temporaryFolder()
  await drawPictures(folder, 'in', 2)
  picture = join(folder.path, 'in/0.jpg')
  for (let seed = 0; seed < 3; seed++) {
    await server.index(await jpeg(seed), { image_uri: `https://example.org/${seed}.jpg` })
  }
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

test('wrong usage ends with 2, one line that says what is wrong, and nothing done', async () => {
  const before = await libraryOf(server.url)
  const nowhere = join(folder.path, 'nowhere/x')
  const wrong: [string[], RegExp][] = [
    [['frobnicate'], /Unknown command 'frobnicate'/],
    [['serach', picture], /Did you mean search\?/],
    [['--frobnicate', 'list'], /Unknown option '--frobnicate'/],
    [['list', '--limt', '3'], /Unknown option '--limt' \(Did you mean --limit\?\)/],
    [['show'], /Missing required argument 'id'/],
    [['search'], /Name a picture, or say --like/],
    [['text'], /Missing required argument 'words'/],
    [['export'], /Missing required argument 'file'/],
    [['show', id, id], /Too many arguments/],
    [['status', 'now'], /Too many arguments/],
    [['list', '--limit'], /argument missing/],
    [['list', '--limit', 'x'], /above 0/],
    [['list', '--limit', '1e400'], /above 0/],
    [['list', '--filter', '{'], /must be JSON/],
    [['list', '--filter', '[]'], /must be JSON/],
    [['list', '--filter', '{"must":[{"key":"a","like":1}]}'], /filter/],
    [['search', picture, '--limit', '101'], /limit/],
    [['search', picture, '--threshold', '2'], /between -1 and 1/],
    [['search', nowhere], /no file '.*nowhere\/x'.* id or URI/],
    [['search', folder.path], /cannot be read: it is a folder/],
    [['text', ' '], /query/],
    [['show', 'nonsense'], /neither an id nor an image URI/],
    [['delete'], /--filter/],
    [['delete', id, 'nonsense'], /'nonsense' is neither/],
    [['delete', before[0]!.id, 'nonsense'], /'nonsense' is neither/],
    [['delete', before[0]!.id, '--dry-run'], /--dry-run/],
    [['delete', id, '--filter', '{}'], /one of the two/],
    [['import', picture, '--concurrency', '1000001'], /at most 1000/],
    [['import', picture, '--report', nowhere], /report cannot be written: ENOENT/],
    [['import', picture, '--manifest', nowhere], /manifest .*ENOENT/],
    [['import', '--from', nowhere], /export cannot be read: ENOENT/],
    [['import', '--from', nowhere, picture], /no further sources/],
    [['import', '--from', nowhere, '--prune'], /cannot be used with option '--prune'/],
    [['export', nowhere], /export cannot be written: ENOENT/],
    [['reindex', '--stop', '--dry-run'], /cannot be used with option/],
    [['reindex', '--stop', '--drop-failed'], /cannot be used with option/],
    [['--url', 'nonsense', 'list'], /--url must be an http address/],
    [['--url', 'ftp://127.0.0.1', 'list'], /--url must be an http address/],
  ]
  for (const [args, reason] of wrong) {
    const { code, out, err } = await cli(server.url, args)
    expect({ args, code, out }).toEqual({ args, code: 2, out: '' })
    expect(err).toMatch(/^lookalike: [A-Z'-].*[.)?]\n$/i)
    expect(err).toMatch(reason)
  }
  expect(await cli('nonsense', ['list'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^lookalike: LOOKALIKE_URL must be an http address/),
  })
  expect(await libraryOf(server.url)).toEqual(before)
})

test('a key that no request can carry is wrong usage', async () => {
  let err = ''
  const terminal = {
    out: async () => {},
    err: (text: string) => void (err += text),
    outColumns: 80,
    graphics: async () => null,
    barColumns: 0,
    ask: null,
  }
  const env = { LOOKALIKE_URL: server.url, LOOKALIKE_API_KEY: 'a\nb' }
  expect(await run(['list'], terminal, env)).toBe(2)
  expect(err).toMatch(/^lookalike: LOOKALIKE_API_KEY /)
})

test('without a command, and for an unknown one, help says what there is', async () => {
  for (const args of [[], ['help', 'frobnicate']]) {
    const { code, out, err } = await cli(server.url, args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Usage: lookalike')
  }
})

test('--version is that of the package', async () => {
  const manifest = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  expect(await cli(server.url, ['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  const bin = join(import.meta.dirname, '../../lookalike/bin/lookalike.js')
  const linked = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' })
  expect(linked).toMatchObject({ status: 0, stdout: `${version}\n` })
})

test('search takes an id or a URI of the library, and a file before either', async () => {
  const library = await libraryOf(server.url)
  const { id: first, image_uri: uri } = library[0]!
  for (const name of [first, first.toUpperCase(), uri]) {
    const { code, out } = await cli(server.url, ['--json', 'search', name, '--limit', '2'])
    const { results } = JSON.parse(out) as SearchResponse
    expect(code).toBe(0)
    expect(results).toHaveLength(2)
    expect(results.map((result) => result.id)).not.toContain(first)
  }
  for (const name of [id, 'https://example.org/unknown.jpg']) {
    expect(await cli(server.url, ['search', name])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^lookalike: The library has no image/),
    })
  }
  const file = await folder.write(first, await jpeg(0))
  const program = spawnCli(server.url, ['--json', 'search', first], {}, folder.path)
  const { results } = JSON.parse((await program.ended).out) as SearchResponse
  expect(file).toContain(first)
  expect(results[0]).toMatchObject({ id: first, score: expect.closeTo(1, 5) })
})

test("search reads a picture's bytes from standard input", async () => {
  const program = spawnCli(server.url, ['--json', 'search', '-', '--limit', '1'])
  program.stdin.end(await jpeg(1))
  const { code, out } = await program.ended
  const { results } = JSON.parse(out) as SearchResponse
  expect({ code, uri: results[0]!.image_uri }).toEqual({
    code: 0,
    uri: 'https://example.org/1.jpg',
  })

  const empty = spawnCli(server.url, ['search', '-'])
  empty.stdin.end()
  expect(await empty.ended).toMatchObject({
    code: 2,
    err: expect.stringContaining('Standard input is empty'),
  })
  const text = spawnCli(server.url, ['search', '-'])
  text.stdin.end('no picture')
  expect(await text.ended).toMatchObject({ code: 1, err: expect.stringMatching(/^lookalike: /) })
})

test('text files may begin with a byte order mark, and are refused where they are not UTF-8', async () => {
  const bom = '\uFEFF'
  const files: [string, string | Uint8Array][] = [
    ['m.csv', `${bom}file,category\r\nin/0.jpg,fox\r\n`],
    ['m.jsonl', `${bom}{"file":"in/0.jpg","category":"fox"}\n`],
  ]
  for (const [name, content] of files) {
    const manifest = await folder.write(name, content)
    expect(await cli(server.url, ['import', picture, '--manifest', manifest])).toMatchObject({ code: 0 }) // prettier-ignore
  }
  await folder.write('in/1.jpg.json', `${bom}{"category":"owl"}`)
  await cli(server.url, ['import', join(folder.path, 'in')])
  const metadata = async () =>
    (await libraryOf(server.url)).flatMap((record) =>
      record.image_uri.startsWith('file:') ? [record.metadata] : [],
    )
  expect(await metadata()).toEqual([{ category: 'fox' }, { category: 'owl' }])

  const latin1 = Buffer.from('file,category\nin/0.jpg,M\xfcnchen\n', 'latin1')
  const utf16 = Buffer.from('\uFEFFfile,category\nin/0.jpg,x\n', 'utf16le')
  for (const content of [latin1, utf16]) {
    const manifest = await folder.write('wrong.csv', content)
    const refused = await cli(server.url, ['import', picture, '--manifest', manifest])
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('not UTF-8') })
  }
  await folder.write('in/1.jpg.json', Buffer.from('{"category":"H\xe4her"}', 'latin1'))
  const sidecar = await cli(server.url, ['import', join(folder.path, 'in')])
  expect(sidecar).toMatchObject({ code: 1, out: expect.stringContaining('1 failed') })
  expect(sidecar.err).toMatch(/^lookalike: .*1\.jpg: The sidecar .* is not UTF-8/)
  expect(await metadata()).toEqual([{ category: 'fox' }, { category: 'owl' }])
})
