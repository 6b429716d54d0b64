import type { ImagePage } from '@lookalike/sdk'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { jpeg } from '../../server/test/support/pictures.ts'
import { getJson, startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli } from './support/cli.ts'
import { temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  folder = await temporaryFolder()
  await folder.write('a.jpg', await jpeg(1, 64, 48))
})
afterEach(() => folder.remove())

const metadata = async () => {
  const { body } = await getJson<ImagePage>(`${server.url}/api/images`)
  return body.images[0]!.metadata
}

test('a cell that a number would round stays the text that it is', async () => {
  const csv = 'file,post,count,large\na.jpg,1546130668394913822,12,6.02e23\n'
  const manifest = await folder.write('list.csv', csv)
  const { code, err } = await cli(server.url, ['import', '--manifest', manifest])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(await metadata()).toEqual({ post: '1546130668394913822', count: 12, large: 6.02e23 })
})

test.each([
  [
    '{"file":"a.jpg","post":1546130668394913822}',
    /line 1.*post: 1546130668394913822 would be rounded/,
  ],
  ['{"file":"a.jpg","n":1e400}', /line 1.*n: 1e400 would be rounded/],
  ['{"file":"a.jpg","tags":{"__proto__":{}}}', /line 1.*__proto__/],
])('a manifest with %s is refused, and nothing is sent', async (line, reason) => {
  const before = await metadata()
  const manifest = await folder.write('list.jsonl', `${line}\n`)
  const { code, err } = await cli(server.url, ['import', '--manifest', manifest])
  expect(code).toBe(2)
  expect(err).toMatch(reason)
  expect(await metadata()).toEqual(before)
})

test('what a sidecar cannot keep is told with the sidecar and the key', async () => {
  const { path } = folder
  await folder.write('a.jpg.json', '{"post":9007199254740993}')
  const { code, err, out } = await cli(server.url, ['import', path])
  expect(code).toBe(1)
  expect(err + out).toMatch(/a\.jpg\.json.*post: 9007199254740993 would be rounded/)
  await folder.write('a.jpg.json', String.raw`{"name":"half \ud800"}`)
  const second = await cli(server.url, ['import', path])
  expect(second.code).toBe(1)
  expect(second.err + second.out).toMatch(/metadata\.name: holds half of a surrogate pair/)
})
