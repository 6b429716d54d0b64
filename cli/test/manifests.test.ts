import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createClient } from '@lookalike/sdk'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli } from './support/cli.ts'
import { drawPictures, libraryOf, temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  folder = await temporaryFolder()
  await drawPictures(folder, '.', 2)
})
afterEach(async () => {
  await folder.remove()
  await createClient({ baseUrl: server.url }).removeMatching({})
})

const withManifest = async (content: string | Uint8Array, name = 'list.csv', ...args: string[]) => {
  const list = await folder.write(name, content)
  return cli(server.url, ['import', '--manifest', list, ...args])
}
const metadata = async () => (await libraryOf(server.url)).map((record) => record.metadata)

test.each([
  ['commas', 'file,c\n0.jpg,x\n1.jpg,y\n'],
  ['semicolons', 'file;c\n0.jpg;x\n1.jpg;y\n'],
  ['semicolons around commas', 'file;c\n0.jpg;x\n1.jpg;"y"\n'],
  ['tabs', 'file\tc\n0.jpg\tx\n1.jpg\ty\n'],
  ['CRLF', 'file,c\r\n0.jpg,x\r\n\r\n1.jpg,y\r\n'],
  ['a byte order mark', '\ufefffile;c\n0.jpg;x\n1.jpg;y\n'],
  ['a capital', 'File,c\n0.jpg,x\n1.jpg,y\n'],
  ['capitals and quotes', '"FILE";"c"\r\n"0.jpg";"x"\r\n"1.jpg";"y"\r\n'],
])('CSV with %s', async (_name, content) => {
  expect((await withManifest(content)).code).toBe(0)
  expect(await metadata()).toEqual([{ c: 'x' }, { c: 'y' }])
})

test('JSON Lines with a byte order mark, CRLF and empty lines', async () => {
  const lines = '\ufeff{"file":"0.jpg","c":"x"}\r\n\r\n{"file":"1.jpg","c":"y"}\r\n'
  expect((await withManifest(lines, 'list.jsonl')).code).toBe(0)
  expect(await metadata()).toEqual([{ c: 'x' }, { c: 'y' }])
})

test.each([
  [
    'Windows-1252',
    Buffer.from('file,c\n0.jpg,gr\xfcn\n', 'latin1'),
    'list.csv',
    /not UTF-8.*Save it as UTF-8/,
  ],
  ['no column of that name', 'picture;c\n0.jpg;x\n', 'list.csv', /line 1 has no column 'file'.*'picture', 'c'/], // prettier-ignore
  ['a row without a file', 'file,c\n0.jpg,x\n\n,y\n', 'list.csv', /line 4 has no 'file'/],
  ['a row after one of several lines', 'file,c\n0.jpg,"x\ny\nz"\n,y\n', 'list.csv', /line 5 has no 'file'/], // prettier-ignore
  ['a broken line', '{"file":"0.jpg"}\n\n\n{"file":\n', 'list.jsonl', /line 4 is not JSON/],
])('%s is refused with what to do', async (_name, content, name, reason) => {
  const { code, err } = await withManifest(content, name)
  expect(code).toBe(2)
  expect(err).toMatch(reason)
})

test('one missing file is one failure, and the others come in', async () => {
  const { code, out, err } = await withManifest('file,c\n0.jpg,x\nmissing.jpg,y\n1.jpg,z\n')
  expect(code).toBe(1)
  expect(out).toMatch(/^3 pictures .* 2 sent, 1 failed\./)
  expect(err).toContain(
    `${join(folder.path, 'missing.jpg')}: The file cannot be read: it is not there`,
  )
})

test('rows that met no picture are counted and named', async () => {
  const { code, out, err } = await withManifest('file,c\n0.jpg,x\nother/far.jpg,y\n', 'list.csv', folder.path) // prettier-ignore
  expect(code).toBe(0)
  expect(out).toContain('1 manifest row')
  expect(err).toMatch(/Rows of the manifest that met no picture: .*other\/far\.jpg\./)
})

test('a list in one spelling of an umlaut meets a file in the other', async () => {
  await folder.write('u\u0308ber.jpg', await jpeg(7, 64, 48))
  const { code } = await withManifest('file,c\n\u00fcber.jpg,x\n')
  expect(code).toBe(0)
  expect(await metadata()).toEqual([{ c: 'x' }])
})
