import type { SearchResponse, StageEvent } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { havePhotos, jpeg, photos, picture } from '../support/pictures.ts'
import { form, getJson, startServer, type TestServer } from '../support/server.ts'

describe('searching by image', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
    for (let seed = 0; seed < 12; seed++) {
      const metadata = JSON.stringify({ seed, parity: seed % 2 ? 'odd' : 'even' })
      await server.index(await jpeg(seed), { image_uri: `http://example.org/${seed}`, metadata })
    }
  })
  afterAll(() => server.stop())

  test('answers with the query, ordered results, links that work, and what it cost', async () => {
    const { status, body } = await server.search(await jpeg(3), { limit: '5' })
    expect(status).toBe(200)
    expect(body.query).toMatchObject({ filename: 'picture', format: 'jpeg', width: 320 })
    expect(body.query_image).toMatch(/picture/)
    expect(body.results).toHaveLength(5)
    expect(body.total_found).toBe(5)
    expect(body.embedder).toMatch(/^visual:/)
    expect(body.timings_ms.total).toBeGreaterThan(0)
    expect(body.usage).toEqual({
      calls: 0,
      input_tokens: 0,
      output_tokens: 0,
      estimated_usd: 0,
    })
    const [first] = body.results
    expect(first).toMatchObject({
      image_uri: 'http://example.org/3',
      metadata: { seed: 3, parity: 'odd' },
    })
    expect(first!.score).toBeGreaterThan(0.99)
    const scores = body.results.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    for (const [link, type] of [
      [first!.image_url, 'image/jpeg'],
      [first!.thumbnail_url, 'image/jpeg'],
    ] as const) {
      const file = await fetch(link!)
      expect([file.status, file.headers.get('content-type')]).toEqual([200, type])
      expect((await sharp(await file.arrayBuffer()).metadata()).width).toBe(320)
    }
  })

  test('a threshold of 1 finds the very picture, and no score is above 1', async () => {
    for (let seed = 0; seed < 12; seed++) {
      for (const field of ['score_threshold', 'limit']) {
        const { body } = await server.search(await jpeg(seed), { [field]: '1' })
        const found = body.results.map(({ image_uri, score }) => [image_uri, score])
        expect(found).toEqual([[`http://example.org/${seed}`, 1]])
      }
    }
  })

  test('knows a picture whose bytes are indexed, and says so', async () => {
    expect((await server.search(await jpeg(3))).body.cached).toBe(true)
    const other = await picture(3).webp().toBuffer()
    expect((await server.search(other)).body.cached).toBe(false)
  })

  test('finds the original of a copy at half size in another format', async () => {
    const copy = await picture(7).resize(160, 120).webp({ quality: 80 }).toBuffer()
    const { body } = await server.search(copy, { limit: '1' })
    expect(body.results[0]?.image_uri).toBe('http://example.org/7')
    expect(body.results[0]?.score).toBeGreaterThan(0.95)
  })

  test.each(['png', 'webp', 'gif', 'avif', 'tiff'] as const)('reads %s', async (format) => {
    // Of few colours, so that a palette keeps it.
    const cells = await jpeg(2, 12, 8)
    const drawing = () => sharp(cells).resize(320, 240, { kernel: 'nearest', fit: 'fill' })
    const image_uri = 'http://example.org/flat'
    const { body: indexed } = await server.index(await drawing().png().toBuffer(), { image_uri })
    const { status, body } = await server.search(await drawing().toFormat(format).toBuffer())
    await fetch(`${server.url}/api/images/${indexed.id}`, { method: 'DELETE' })
    expect([status, body.query.format]).toEqual([200, format])
    expect(body.results[0]?.image_uri).toBe(image_uri)
  })

  test('cuts at the threshold, and finding nothing is an empty list', async () => {
    const all = (await server.search(await jpeg(3), { limit: '100' })).body.results
    expect(all).toHaveLength(12)
    const threshold = (all[2]!.score + all[3]!.score) / 2
    const cut = await server.search(await jpeg(3), {
      limit: '100',
      score_threshold: `${threshold}`,
    })
    expect(cut.body.results.map(({ id }) => id)).toEqual(all.slice(0, 3).map(({ id }) => id))
    expect(
      (await server.search(await jpeg(3), { score_threshold: '0' })).body.results,
    ).toHaveLength(10)
    const none = await server.search(await jpeg(999), { score_threshold: '0.999' })
    expect([none.status, none.body.results, none.body.total_found]).toEqual([200, [], 0])
  })

  test('searches among those that pass a filter', async () => {
    const filter = JSON.stringify({ must: [{ key: 'parity', match: { value: 'even' } }] })
    const { body } = await server.search(await jpeg(3), { filter, limit: '100' })
    expect(body.results).toHaveLength(6)
    expect(body.results.every(({ metadata }) => metadata['parity'] === 'even')).toBe(true)
  })

  test('tells of its stages as server-sent events', async () => {
    const response = await fetch(`${server.url}/api/images/search-similar`, {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
      body: form(await picture(5).png().toBuffer(), { limit: '2' }),
    })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const events = readEvents(await response.text())
    const stages = events.filter(({ event }) => event === 'stage')
    expect(stages.map(({ data }) => (data as StageEvent).stage)).toEqual([
      'receive',
      'decode',
      'embed',
      'search',
    ])
    const last = events.at(-1)!
    expect(last.event).toBe('result')
    expect((last.data as SearchResponse).results).toHaveLength(2)
    expect(await server.uploads()).toEqual([])
  })

  test('ends the stream with the problem when a stage fails', async () => {
    const response = await fetch(`${server.url}/api/images/search-similar`, {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
      body: form(Buffer.from('no image at all')),
    })
    const last = readEvents(await response.text()).at(-1)
    expect(last).toMatchObject({ event: 'error', data: { code: 'invalid_image', status: 400 } })
  })

  test('finds more like an indexed picture, itself left out', async () => {
    const { body } = await server.search(await jpeg(3), { limit: '1' })
    const { id } = body.results[0]!
    const similar = await getJson<SearchResponse>(`${server.url}/api/images/${id}/similar?limit=3`)
    expect(similar.body.results).toHaveLength(3)
    expect(similar.body.results.map((result) => result.id)).not.toContain(id)
    expect(similar.body.cached).toBe(true)
  })
})

function readEvents(text: string): { event: string; data: unknown }[] {
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((block) => {
      const [, event, data] = /^event: (.+)\ndata: (.+)$/.exec(block)!
      return { event: event!, data: JSON.parse(data!) as unknown }
    })
}

describe.skipIf(!havePhotos)(
  'on real photographs (skipped where ../shared/photos is absent)',
  () => {
    test('a photograph finds itself, and a WebP of half its size finds the original', async () => {
      const server = await startServer()
      try {
        const library = photos('caltech101', 1)
        for (const { name, bytes } of library) {
          const { status } = await server.index(bytes, { image_uri: `file:///${name}` })
          expect(status).toBe(201)
        }
        for (const { name, bytes } of library.filter((_, index) => index % 5 === 0)) {
          const itself = await server.search(bytes, { limit: '1' })
          expect(itself.body.results[0]?.image_uri).toBe(`file:///${name}`)
          expect(itself.body.results[0]?.score).toBeGreaterThan(0.99)
          const { width } = await sharp(bytes).metadata()
          const half = await sharp(bytes)
            .resize(Math.round(width / 2))
            .webp()
            .toBuffer()
          const copy = await server.search(half, { limit: '1' })
          expect(copy.body.results[0]?.image_uri).toBe(`file:///${name}`)
          expect(copy.body.cached).toBe(false)
        }
      } finally {
        await server.stop()
      }
    })
  },
)
