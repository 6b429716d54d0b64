import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SearchResponse } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { picture } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'
import { importAll, SyntheticLibrary } from '../support/synthetic-library.ts'

const embedder = { id: 'visual:3@224', dimensions: 224 }
const uri = (name: string) => `http://example.org/${name}`

async function similar(server: TestServer, name: string, query = ''): Promise<SearchResponse> {
  const url = `${server.url}/api/images/${recordId(uri(name))}/similar?${query}`
  const { status, body } = await getJson<SearchResponse>(url)
  expect(status).toBe(200)
  return body
}
const named = ({ results }: SearchResponse) => results.map(({ image_uri }) => image_uri.slice(19))

describe.each([
  ['small', 60, 0],
  ['of vectors that share much, as those of texts', 400, 1.5],
  ['large', 2000, 0],
])('what scores mean in a library that is %s', (_name, size, common) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
    const library = new SyntheticLibrary(embedder, { seed: size, common })
    const records = Array.from({ length: size }, (_, at) =>
      library.record(uri(`unrelated-${at}`), library.unrelated(), { parity: at % 2 }),
    )
    const query = library.unrelated()
    records.push(library.record(uri('query'), query))
    // Half of what is between an unrelated one and itself.
    const near = (1 + common ** 2 / (1 + common ** 2)) / 2
    for (let at = 0; at < 5; at++) {
      const vector = library.related(query, near + 0.05 + at / 100)
      records.push(library.record(uri(`related-${at}`), vector, { parity: 1 }))
    }
    await importAll(server.url, records)
  }, 30_000)
  afterAll(() => server.stop())

  test('related pictures are strong matches, and unrelated ones are as rare as is said', async () => {
    const { results, calibration } = await similar(server, 'query', 'limit=10')
    expect(calibration).toMatchObject({ sure: true, detail: null })
    const words = results.map(({ match }) => match)
    expect(words.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'strong'))
    // One search in ten may find a stranger that is.
    expect(words.slice(5).filter((word) => word === 'strong').length).toBeLessThan(3)
    expect(results[4]!.surprise).toBeGreaterThan(results[5]!.surprise!)

    const queries = Array.from({ length: 20 }, (_, at) => `unrelated-${at}`)
    const answers = await Promise.all(queries.map((name) => similar(server, name, 'limit=100')))
    const all = answers.flatMap((answer) => answer.results)
    const strong = all.filter(({ match }) => match === 'strong').length
    const possible = all.filter(({ match }) => match === 'possible').length
    // Expected are 0.1 and 2.9 a query. A sample of 128 knows that to a factor of three, as often too low as too high.
    expect(strong / queries.length).toBeLessThan(2)
    expect(possible / queries.length).toBeLessThan(12)
  })

  test('a cut stops behind the related ones, also under a filter', async () => {
    const related = ['related-4', 'related-3', 'related-2', 'related-1', 'related-0']
    const odd = encodeURIComponent('{"must":[{"key":"parity","match":{"value":1}}]}')
    for (const query of ['cut=auto', `cut=auto&filter=${odd}`, 'min_match=strong']) {
      const answer = await similar(server, 'query', `limit=50&${query}`)
      expect(named(answer).slice(0, 5)).toEqual(related)
      // A few strangers are as near as that by chance.
      expect(named(answer).length).toBeLessThan(9)
      expect(answer.cut_score ?? -1).toBeLessThan(answer.results[4]!.score)
    }
  })

  test('where nothing is alike, the nearest is named', async () => {
    const even = encodeURIComponent('{"must":[{"key":"parity","match":{"value":0}}]}')
    const strong = await similar(server, 'query', `min_match=strong&filter=${even}`)
    expect(strong).toMatchObject({
      results: [],
      total_found: 0,
      note: expect.stringMatching('Nothing'),
    })
    expect(strong.nearest!.match).not.toBe('strong')
    const nobody = encodeURIComponent('{"must":[{"key":"parity","match":{"value":2}}]}')
    const none = await similar(server, 'query', `cut=auto&filter=${nobody}`)
    expect(none).toMatchObject({ results: [], nearest: null })
    expect(none.note).toMatch(/none passes the filter/)
    const high = await similar(server, 'query', `cut=auto&score_threshold=0.99`)
    expect(high.nearest!.image_uri).toBe(uri('related-4'))
    expect(high.note).toMatch(/Nothing here scores high enough/)
  })
})

test('a library says while it is too small, and the sample outlives a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const library = new SyntheticLibrary(embedder)
  const records = Array.from({ length: 120 }, (_, at) =>
    library.record(uri(`${at}`), library.unrelated()),
  )
  let server = await startServer({ DATA_DIR: folder })
  try {
    const ask = () => similar(server, '0', 'limit=3')
    await importAll(server.url, records.slice(0, 12))
    const few = await similar(server, '0', 'limit=3&min_match=strong&cut=auto')
    expect(few.calibration).toMatchObject({
      sure: false,
      detail: expect.stringContaining('only 12 pictures'),
    })
    expect(few.results.map(({ match }) => match)).toEqual([null, null, null])
    await importAll(server.url, records.slice(12, 30))
    expect((await ask()).calibration).toMatchObject({
      sure: false,
      detail: expect.stringContaining('only 30 pictures'),
    })
    expect((await ask()).results[0]!.match).not.toBeNull()
    await importAll(server.url, records.slice(30))
    expect((await ask()).calibration).toEqual({ sure: true, pictures: 120, detail: null })
    const before = (await ask()).results.map(({ surprise }) => surprise)
    await server.stop()
    const silent = { sample: () => Promise.reject(new Error('is not asked again')) }
    server = await startServer({ DATA_DIR: folder }, ({ deps }) => ({
      deps: { ...deps, store: { ...deps.store, ...silent } },
    }))
    expect((await ask()).results.map(({ surprise }) => surprise)).toEqual(before)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

test('a copy of a picture is said to be the same, for its pixels were compared', async () => {
  const server = await startServer()
  try {
    const bytes = await picture(7).png().toBuffer()
    await server.index(bytes, { image_uri: uri('7') })
    await server.index(await picture(8).png().toBuffer(), { image_uri: uri('8') })
    const matches = async (image: Uint8Array) =>
      (await server.search(image, { cut: 'auto' })).body.results.map(({ match }) => match)
    expect(await matches(bytes)).toEqual(['same', null])
    const copy = await picture(7).resize(160, 120).webp({ quality: 80 }).toBuffer()
    expect(await matches(copy)).toEqual(['same', null])
  } finally {
    await server.stop()
  }
})
