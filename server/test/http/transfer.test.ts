import type { ExportCheckpoint, ExportedRecord, ImportResult } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

interface ExportPage {
  records: ExportedRecord[]
  next_cursor: string | null
}

type Line = ExportedRecord | ExportCheckpoint

const readLines = (text: string) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Line) // prettier-ignore
const isRecord = (line: Line): line is ExportedRecord => 'image_uri' in line

async function exported(server: TestServer, query = ''): Promise<Line[]> {
  const response = await fetch(`${server.url}/api/export${query}`)
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  return readLines(await response.text())
}

function importInto(server: TestServer, lines: unknown[], type = 'application/x-ndjson') {
  return getJson<ImportResult>(`${server.url}/api/import`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  })
}

describe('a library that moves', () => {
  let from: TestServer
  let to: TestServer
  beforeAll(async () => {
    from = await startServer()
    to = await startServer()
    for (let seed = 0; seed < 4; seed++) {
      await from.index(await jpeg(seed), {
        image_uri: `https://example.org/${seed}`,
        metadata: JSON.stringify({ seed, deep: { list: [1, null, 'ü\n'] } }),
      })
    }
  })
  afterAll(() => Promise.all([from.stop(), to.stop()]))

  test('arrives whole: records, vectors and search results are the same', async () => {
    const lines = await exported(from)
    expect(lines.at(-1)).toEqual({ checkpoint: { cursor: null, exported: 4 } })
    const { status, body } = await importInto(to, lines)
    expect([status, body]).toEqual([
      200,
      { received: 4, stored: 4, created: 4, replaced: 0, missing_files: 4 },
    ])
    const again = await exported(to)
    const withoutLinks = (all: Line[]) =>
      all.filter(isRecord).map(({ image_url: _, thumbnail_url: __, ...rest }) => rest)
    const byUri = (a: { image_uri: string }, b: { image_uri: string }) =>
      a.image_uri < b.image_uri ? -1 : 1
    expect(withoutLinks(again).toSorted(byUri)).toEqual(withoutLinks(lines).toSorted(byUri))
    const scores = async (server: TestServer) =>
      (await server.search(await jpeg(9))).body.results.map(({ id, score }) => [id, score])
    expect(await scores(to)).toEqual(await scores(from))
  })

  test('travels as JSON as well, page by page', async () => {
    const headers = { accept: 'application/json' }
    const { body } = await getJson<ExportPage>(`${from.url}/api/export`, { headers })
    expect([body.records.length, body.next_cursor]).toEqual([4, null])
    const taken = await sendJson('POST', `${to.url}/api/import`, { records: body.records })
    expect([taken.status, taken.body]).toEqual([
      200,
      { received: 4, stored: 4, created: 0, replaced: 4, missing_files: 4 },
    ])
    const [first] = body.records
    for (const vector of ['AAAA', 'AACAPw==']) {
      const records = [first, { ...first, vector }]
      const { status, body } = await sendJson('POST', `${to.url}/api/import`, { records })
      expect([status, body.code]).toEqual([400, 'invalid_parameter'])
      expect(body.detail).toContain('records.1: vector')
    }
  })

  test('a vector that another program rounded is brought to the length 1', async () => {
    const [line] = (await exported(from)).filter(isRecord)
    const rounded = new Float32Array(new Uint8Array(Buffer.from(line!.vector, 'base64')).buffer)
    const vector = Buffer.from(rounded.map((value) => value * 1.0008).buffer).toString('base64')
    const other = await startServer()
    expect((await importInto(other, [{ ...line, vector }])).status).toBe(200)
    const [kept] = (await exported(other)).filter(isRecord)
    const bytes = new Uint8Array(Buffer.from(kept!.vector, 'base64'))
    expect(Math.hypot(...new Float32Array(bytes.buffer))).toBeCloseTo(1, 6)
    await other.stop()
  })

  test('a record without its file has no links and says what to do', async () => {
    const { body } = await to.search(await jpeg(1))
    const [first] = body.results
    expect(first).toMatchObject({ image_uri: 'https://example.org/1', image_url: null })
    const file = await getJson(`${to.url}/api/images/${first!.id}/file`)
    expect([file.status, file.body.code]).toEqual([404, 'not_found'])
    expect(file.body.detail).toMatch(/not its file.*POST \/api\/images\/index/)
  })

  test('a file that follows is taken in without embedding, for every record of it', async () => {
    const [line] = (await exported(from)).filter(
      (each) => isRecord(each) && each.image_uri === 'https://example.org/2',
    )
    await importInto(to, [line, { ...line, image_uri: 'https://example.org/twin' }])
    const { embedder } = to.services.deps
    let embedded = 0
    const original = embedder.embedImage.bind(embedder)
    embedder.embedImage = (...given) => {
      embedded += 1
      return original(...given)
    }
    const { status, body } = await to.index(await jpeg(2), { image_uri: 'https://example.org/2' })
    embedder.embedImage = original
    expect([status, embedded]).toEqual([200, 0])
    expect(Buffer.from(await (await fetch(body.image_url!)).arrayBuffer())).toEqual(await jpeg(2))
    const twin = (await exported(to)).filter(isRecord).find(({ image_uri }) => /twin/.test(image_uri)) // prettier-ignore
    expect((await fetch(twin!.thumbnail_url!)).status).toBe(200)
    expect((await importInto(to, [line])).body).toMatchObject({ replaced: 1, missing_files: 0 })
  })

  test('goes on from a checkpoint, each record once', async () => {
    const { store } = from.services.deps
    const list = store.list.bind(store)
    store.list = (request) => list({ ...request, limit: 3 })
    const all = await exported(from)
    const cursor = all.find((line) => 'checkpoint' in line)!.checkpoint.cursor!
    const rest = await exported(from, `?cursor=${cursor}`)
    store.list = list
    const before = all.slice(0, 3).filter(isRecord)
    const seen = [...before, ...rest.filter(isRecord)].map(({ image_uri }) => image_uri)
    expect(seen.toSorted()).toEqual([0, 1, 2, 3].map((seed) => `https://example.org/${seed}`))
    const bad = await getJson(`${from.url}/api/export?cursor=x`)
    expect([bad.status, bad.body.code]).toEqual([400, 'invalid_parameter'])
  })

  test('a line that is wrong is named, and none is stored', async () => {
    const [good] = (await exported(from)).filter(isRecord)
    const stored = async () => (await getJson<{ images: number }>(`${to.url}/api/info`)).body.images
    const before = await stored()
    const other = { ...good, image_uri: 'https://example.org/other' }
    const refused: [unknown, RegExp][] = [
      [{ ...other, vector: 'AAAA' }, /Line 2: vector: .* 32-bit floats/],
      [{ ...other, vector: good!.vector.replace(/^...../, 'AACAf') }, /Line 2: vector: .*length 1/],
      [{ ...other, metadata: [] }, /Line 2: metadata/],
      ['text', /Line 2/],
    ]
    for (const [line, reason] of refused) {
      const { status, body } = await importInto(to, [{ ...good, image_uri: 'urn:new' }, line])
      expect([status, body.code]).toEqual([400, 'invalid_parameter'])
      expect(body.detail).toMatch(reason)
    }
    const foreign = await importInto(to, [{ ...good, image_uri: 'urn:new', embedder: 'other@8' }])
    expect([foreign.status, foreign.body.code]).toEqual([409, 'embedder_mismatch'])
    const many = await importInto(
      to,
      Array.from({ length: 501 }, () => good),
    )
    expect(many.body.detail).toContain('at most 500')
    const asJson = await importInto(to, [good], 'application/json')
    expect(asJson.body.detail).toContain('application/x-ndjson')
    expect(await stored()).toBe(before)
  })
})
