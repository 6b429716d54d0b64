import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DuplicateGroupPage, SearchResponse } from '@lookalike/sdk'
import { jpeg, picture } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli } from './support/cli.ts'
import { temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
beforeAll(async () => {
  server = await startServer()
  folder = await temporaryFolder()
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

test('duplicates are listed with the copy to keep, and hidden from a search that asks for it', async () => {
  const none = await cli(server.url, ['duplicates'])
  expect(none).toMatchObject({ code: 0, out: 'No picture is there more than once.\n' })

  const fox = (width: number) =>
    picture(1, width, (width * 3) / 4, 24)
      .jpeg()
      .toBuffer()
  const files = { small: await fox(160), large: await fox(640), again: await fox(640), other: await jpeg(2), twin: await jpeg(2) } // prettier-ignore
  for (const [name, bytes] of Object.entries(files)) await server.index(bytes, { image_uri: `https://example.org/${name}` }) // prettier-ignore

  await server.groups()
  const { code, out, err } = await cli(server.url, ['duplicates'])
  expect(code).toBe(0)
  const [head, ...rows] = out.trimEnd().split('\n')
  expect(head).toMatch(/^#\s+WHAT\s+ID\s+SIZE\s+KB\s+IMAGE$/)
  expect(rows.map((row) => row.replaceAll(/ +/g, ' ').replaceAll(/[0-9a-f-]{36} /g, ''))).toEqual([
    expect.stringMatching(/^1 keep 640x480 \d+ https:\/\/example\.org\/large$/),
    expect.stringMatching(/^ identical 640x480 \d+ https:\/\/example\.org\/again$/),
    expect.stringMatching(/^ scaled to 25 % 160x120 \d+ https:\/\/example\.org\/small$/),
    expect.stringMatching(/^2 keep 320x240 \d+ https:\/\/example\.org\/other$/),
    expect.stringMatching(/^ identical 320x240 \d+ https:\/\/example\.org\/twin$/),
  ])
  expect(err).toMatch(/^3 duplicates of 2 pictures; /)

  const first = await cli(server.url, ['duplicates', '--limit', '1'])
  expect(first.err).toContain('--limit 10 shows more')
  const json = await cli(server.url, ['--json', 'duplicates'])
  expect(JSON.parse(json.out) as DuplicateGroupPage).toMatchObject({
    groups: [{ keeper: { image_uri: 'https://example.org/large' } }, {}],
    total_groups: 2,
    total_duplicates: 3,
  })

  const query = await folder.write('fox.jpg', files.small)
  const found = async (...more: string[]) => {
    const { out } = await cli(server.url, ['--json', 'search', query, ...more])
    return (JSON.parse(out) as SearchResponse).results.length
  }
  expect([await found(), await found('--hide-duplicates')]).toEqual([5, 2])
})
