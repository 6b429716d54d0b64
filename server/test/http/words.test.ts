import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Facets, ImageRecord, SearchResponse, Vocabulary } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

const drawings = join(import.meta.dirname, '../../../samples/pictures')
const subjects = ['duck', 'lighthouse', 'teapot', 'mushroom']

/** Of a library of drawings in six styles, made by the built-in embedder. */
describe('searching by words without a model', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
    const files = await readdir(drawings)
    for (const file of files.filter((name) =>
      subjects.some((subject) => name.startsWith(subject)),
    )) {
      await server.index(await readFile(join(drawings, file)), { image_uri: `urn:drawing:${file}` })
    }
  }, 60_000)
  afterAll(() => server.stop())

  const search = (query: string, limit = 3) =>
    sendJson<SearchResponse>('POST', `${server.url}/api/images/search-text`, { query, limit })

  test.each([
    ['lighthouse', 'lighthouse'],
    ['Leuchttürme', 'lighthouse'],
    ['Teekanne', 'teapot'],
    ['mushrooms', 'mushroom'],
    ['fungus not vegetable', 'mushroom'],
  ])('%s finds a %s first', async (query, subject) => {
    const { status, body } = await search(query)
    expect(status).toBe(200)
    expect(body.query_image).toBe(query)
    expect(body.results[0]!.image_uri).toContain(`urn:drawing:${subject}`)
    expect(body.usage).toMatchObject({ calls: 0, estimated_usd: 0 })
  })

  test('a word that is not known is named, with the nearest, the list and what knows all words', async () => {
    const { status, body } = await search('red bird')
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'unknown_words', retryable: false })
    expect(body.detail).toMatch(/"red" \(nearest known: /)
    expect(body.detail).not.toMatch(/"bird"/)
    expect(body.detail).toMatch(/GET \/api\/vocabulary.*EMBEDDER=openai/)
  })

  test('what is only not wanted finds nothing to look for', async () => {
    expect(await search('not a duck')).toMatchObject({
      status: 422,
      body: { code: 'unknown_words' },
    })
  })

  test('the vocabulary lists what is understood, and info says that it is names', async () => {
    const { body } = await getJson<Vocabulary>(`${server.url}/api/vocabulary`)
    expect(body.text).toBe('names')
    expect(body.names.length).toBeGreaterThan(1250)
    expect(body.names).toContainEqual({
      name: 'lighthouse',
      english: ['lighthouse', 'beacon'],
      german: ['Leuchtturm'],
      kinds: ['tower', 'building', 'structure'],
      is_kind: false,
    })
    const info = await getJson(`${server.url}/api/info`)
    expect(info.body).toMatchObject({ embedder: { text: 'names', describes: 'semantic' } })
  })

  test('names are in descriptions, in tags, and a facet', async () => {
    const { body } = await getJson<Facets>(`${server.url}/api/facets/lookalike.tags`)
    const [most] = body.values
    const filter = JSON.stringify({
      must: [{ key: 'lookalike.tags', match: { value: most!.value } }],
    })
    const list = await getJson<{ images: ImageRecord[] }>(
      `${server.url}/api/images?filter=${encodeURIComponent(filter)}`,
    )
    expect(list.body.images).toHaveLength(most!.count)
    for (const { description, tags } of list.body.images) {
      expect(tags).toContain(most!.value)
      expect(description).toMatch(/^Probably /)
      expect(description).toContain(tags[0])
    }
  })
})
