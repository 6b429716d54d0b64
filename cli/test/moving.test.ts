import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient, type ExportedRecord } from '@lookalike/sdk'
import { FakeQdrant } from '../../server/test/fakes/qdrant.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer } from '../../server/test/support/server.ts'
import { cli } from './support/cli.ts'
import { libraryOf, temporaryFolder, type Folder } from './support/library.ts'
import { startProxy } from './support/proxy.ts'

const pictures = 30
let folder: Folder
const stops: (() => unknown)[] = []
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
  await folder.remove()
})

async function start(env: Record<string, string> = {}) {
  const server = await startServer(env)
  stops.push(() => server.stop())
  return server
}

async function startFull() {
  const server = await start()
  for (let seed = 0; seed < pictures; seed++) {
    await server.index(await jpeg(seed, 64, 48), {
      image_uri: `https://example.org/${seed}.jpg`,
      metadata: JSON.stringify({ seed, words: ['ä', null], deep: { yes: true } }),
    })
  }
  return server
}

async function exported(url: string): Promise<ExportedRecord[]> {
  const records: ExportedRecord[] = []
  for await (const line of createClient({ baseUrl: url }).export()) {
    if ('image_uri' in line) records.push({ ...line, image_url: null, thumbnail_url: null })
  }
  return records.toSorted((one, other) => (one.image_uri < other.image_uri ? -1 : 1))
}

const numbersOf = ({ vector }: ExportedRecord) =>
  new Float32Array(new Uint8Array(Buffer.from(vector, 'base64')).buffer)

async function rankings(url: string): Promise<[string, number][][]> {
  const client = createClient({ baseUrl: url })
  const records = await libraryOf(url)
  return Promise.all(
    records.slice(0, 10).map(async ({ id }) => {
      const { results } = await client.similarTo(id, { limit: 10 })
      return results.map((result) => [result.id, Number(result.score.toFixed(4))])
    }),
  )
}

test('a library moves to Qdrant and back: same records, same rankings, nothing embedded', async () => {
  const qdrant = await new FakeQdrant().start()
  stops.push(() => qdrant.stop())
  const home = await startFull()
  // The same data folder: the files are there already, and need not travel.
  const env = { QDRANT_URL: qdrant.url, DATA_DIR: home.dataDir, GRAPH: 'none' }
  const cluster = await start(env)
  const back = await start()
  for (const { services } of [cluster, back]) {
    services.deps.embedder.embedImage = () => Promise.reject(new Error('nothing is to be embedded'))
  }
  const there = join(folder.path, 'there.jsonl')
  const again = join(folder.path, 'again.jsonl')

  expect(await cli(home.url, ['export', there])).toMatchObject({
    code: 0,
    out: `${pictures} records in ${there}.\n`,
  })
  const moved = await cli(cluster.url, ['import', '--from', there])
  expect(moved).toMatchObject({ code: 0, err: '' })
  expect(moved.out).toContain(`${pictures} records: ${pictures} sent, 0 unchanged`)
  expect(moved.out).toContain('20 of 20 sampled queries rank as the export does')
  const [first] = await libraryOf(cluster.url)
  expect((await fetch(first!.image_url!)).status).toBe(200)
  expect((await fetch(first!.thumbnail_url!)).status).toBe(200)
  expect((await cli(cluster.url, ['export', again])).code).toBe(0)
  expect((await cli(back.url, ['import', '--from', again])).code).toBe(0)

  const [before, after] = await Promise.all([exported(home.url), exported(back.url)])
  const facts = (records: ExportedRecord[]) => records.map(({ vector: _, ...rest }) => rest)
  expect(facts(after)).toEqual(facts(before))
  for (const [at, record] of after.entries()) {
    const original = numbersOf(before[at]!)
    for (const [index, value] of numbersOf(record).entries()) {
      expect(Math.abs(value - original[index]!)).toBeLessThan(1e-6)
    }
  }
  expect(await rankings(back.url)).toEqual(await rankings(home.url))
  expect(qdrant.violations).toEqual([])
})

test('an import of an export goes on where it was, and sends nothing twice', async () => {
  const home = await startFull()
  const target = await start()
  const path = join(folder.path, 'library.jsonl')
  await cli(home.url, ['export', path])
  const lines = (await readFile(path, 'utf8')).split('\n')
  const client = createClient({ baseUrl: target.url })
  await client.import(lines.slice(0, 12).map((line) => JSON.parse(line) as ExportedRecord))

  const resumed = await cli(target.url, ['--json', 'import', '--from', path])
  expect(JSON.parse(resumed.out)).toMatchObject({
    records: pictures,
    sent: pictures - 12,
    unchanged: 12,
    rankings: { compared: 20, differing: [] },
  })
  const proxy = await startProxy(target.url)
  stops.push(() => proxy.stop())
  expect((await cli(proxy.url, ['import', '--from', path])).out).toContain('0 sent')
  expect(proxy.count('POST', '/api/import')).toBe(0)
})

test('pictures that follow their records are sent once more, under the same URIs', async () => {
  const home = await start()
  await folder.write('in/0.jpg', await jpeg(1, 64, 48))
  await cli(home.url, ['import', join(folder.path, 'in'), '--metadata', 'kind=cat'])
  const path = join(folder.path, 'library.jsonl')
  await cli(home.url, ['export', path])

  const target = await start()
  const { out } = await cli(target.url, ['import', '--from', path])
  expect(out).toContain('1 record came without a file')
  expect((await cli(target.url, ['import', join(folder.path, 'in')])).out).toContain('1 sent')
  const [record] = await libraryOf(target.url)
  expect(record).toMatchObject({ metadata: { kind: 'cat' }, image_url: expect.any(String) })
})

test('an export that breaks off goes on from its last checkpoint', async () => {
  const home = await startFull()
  const { store } = home.services.deps
  const list = store.list.bind(store)
  store.list = (request) => list({ ...request, limit: 7 })
  const whole = join(folder.path, 'whole.jsonl')
  await cli(home.url, ['export', whole])
  const text = await readFile(whole, 'utf8')

  const path = join(folder.path, 'broken.jsonl')
  await writeFile(`${path}.part`, text.slice(0, Math.floor(text.length * 0.6)))
  const proxy = await startProxy(home.url)
  stops.push(() => proxy.stop())
  expect((await cli(proxy.url, ['export', path])).out).toContain(`${pictures} records`)
  expect(proxy.seen.at(-1)!.path).toMatch(/^\/api\/export\?cursor=./)
  const records = (content: string) =>
    content
      .replaceAll(proxy.url, home.url)
      .split('\n')
      .filter((line) => line.includes('"vector"'))
  expect(records(await readFile(path, 'utf8'))).toEqual(records(text))
})

test('what is no complete export is refused', async () => {
  const target = await start()
  const half = await folder.write('half.jsonl', '{"checkpoint":{"cursor":"x","exported":0}}\n')
  const wrong = await folder.write('wrong.jsonl', 'nonsense\n')
  for (const [path, expected, reason] of [
    [half, 1, 'not a complete export'],
    [wrong, 1, 'Line 1'],
    [join(folder.path, 'nowhere'), 2, 'ENOENT'],
  ] as const) {
    const { code, err } = await cli(target.url, ['import', '--from', path])
    expect({ code, err }).toEqual({ code: expected, err: expect.stringContaining(reason) })
  }
})
