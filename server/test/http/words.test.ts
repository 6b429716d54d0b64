import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  Facets,
  ImageRecord,
  QuestionResponse,
  SearchResponse,
  Vocabulary,
} from '@lookalike/sdk'
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
    const { status, body } = await search('umbrrela bird xylophonist')
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'unknown_words',
      retryable: false,
      words: [
        { word: 'umbrrela', nearest: ['umbrella'] },
        { word: 'xylophonist', nearest: [] },
      ],
    })
    expect(body.detail).toMatch(/"umbrrela" \(nearest known: umbrella\) or "xylophonist"\./)
    expect(body.detail).not.toMatch(/"bird"/)
    expect(body.detail).toMatch(/GET \/api\/vocabulary.*EMBEDDER=.*openai.*Nor do the words stand/)
  })

  test('what is only not wanted finds nothing to look for', async () => {
    expect(await search('not a duck')).toMatchObject({
      status: 422,
      body: { code: 'unknown_words' },
    })
  })

  describe('in words that stand there', () => {
    const named = async (query: string, more = {}) => {
      const { status, body } = await sendJson<SearchResponse>(
        'POST',
        `${server.url}/api/images/search-text`,
        { query, limit: 20, ...more },
      )
      expect([status, body.total_found]).toEqual([200, body.results?.length])
      const of = (by: string) =>
        body.results
          .filter(({ found_by }) => found_by === by)
          .map(({ image_uri }) => image_uri.slice(12))
      const isFirst = body.results
        .slice(0, of('words').length)
        .every(({ found_by }) => found_by === 'words')
      expect(isFirst).toBe(true)
      return { words: of('words').sort(), likeness: of('likeness'), body }
    }
    const ducks = ['cartoon_outline', 'flat', 'night', 'pencil', 'sunset', 'watercolour'].map(
      (style) => `duck_${style}.webp`,
    )

    test('a drawn duck is found by its file, in both languages, as a bird, and first', async () => {
      for (const query of ['duck', 'Enten', 'a duck', 'bird', 'Vögel']) {
        expect([query, (await named(query)).words]).toEqual([query, ducks])
      }
      expect((await named('duck at night')).words).toEqual(['duck_night.webp'])
      expect((await named('Ente nicht flat')).words).toEqual(
        ducks.filter((each) => !each.includes('flat')),
      )
    })

    test('what is named so is under no threshold, and what is like it is', async () => {
      const all = await named('duck')
      expect(all.likeness.length).toBe(14)
      for (const bound of [{ score_threshold: 0.9 }, { min_match: 'possible' }, { cut: 'auto' }]) {
        const { words, likeness, body } = await named('duck', bound)
        expect([words, likeness, body.note, body.nearest]).toEqual([ducks, [], null, null])
      }
      const filter = {
        must_not: [{ key: 'image_uri', match: { value: `urn:drawing:${ducks[0]}` } }],
      }
      expect((await named('duck', { filter })).words).toEqual(ducks.slice(1))
    })

    test('a question of words alone, in pages and in another order, has them too', async () => {
      const ask = async (question: object) => {
        const form = new FormData()
        form.set('question', JSON.stringify({ parts: [{ text: 'duck' }], ...question }))
        const answer = await fetch(`${server.url}/api/images/search`, {
          method: 'POST',
          body: form,
        })
        return (await answer.json()) as QuestionResponse
      }
      const ids = (results: { id: string }[]) => results.map(({ id }) => id)
      const plain = (await named('duck')).body.results
      const whole = await ask({ limit: 20 })
      expect(ids(whole.results)).toEqual(ids(plain))
      expect(whole.results.map(({ found_by }) => found_by)).toEqual(
        plain.map(({ found_by }) => found_by),
      )
      for (let offset = 0; offset < 20; offset += 4) {
        const page = await ask({ limit: 4, offset })
        expect(ids(page.results)).toEqual(ids(plain).slice(offset, offset + 4))
        expect(page.next_offset).toBe(offset + 4)
      }
      const mixed = await ask({ limit: 6, among: 6, sort: { random: 3 } })
      expect(ids(mixed.results).sort()).toEqual(ids(plain).slice(0, 6).sort())
      const strict = await ask({ limit: 20, min_match: 'possible' })
      expect([ids(strict.results), strict.note]).toEqual([ids(plain).slice(0, 6), null])
    })

    test('fewer are the first of more', async () => {
      const ids = ({ body }: { body: SearchResponse }) => body.results.map(({ id }) => id)
      const all = ids(await named('duck'))
      for (const limit of [1, 4, 6, 7, 13]) {
        expect(ids(await named('duck', { limit }))).toEqual(all.slice(0, limit))
      }
    })

    test('words that no vocabulary has are found where they stand', async () => {
      const { body: list } = await getJson<{ images: ImageRecord[] }>(
        `${server.url}/api/images?q=teapot_flat`,
      )
      const { id } = list.images[0]!
      await sendJson('PATCH', `${server.url}/api/images/${id}`, {
        metadata: { owner: 'Großmutter Xenia' },
      })
      expect((await named('xenia')).words).toEqual(['teapot_flat.webp'])
      expect((await named('grossmu')).words).toEqual(['teapot_flat.webp'])
      const both = await named('teapot Xenia')
      expect([both.words, both.likeness]).toEqual([['teapot_flat.webp'], []])
      expect((await named('Xenia mushroom')).likeness).toEqual(['teapot_flat.webp'])
      const nowhere = { must: [{ key: 'no', match: { value: 1 } }] }
      expect((await named('xenia', { filter: nowhere })).body).toMatchObject({
        results: [],
        total_found: 0,
      })
    })

    test('where nothing is it, the nearest are not called so', async () => {
      const { body, words } = await named('zebra')
      expect(words).toEqual([])
      expect(body.note).toBe('Nothing here is clearly "zebra": these are the nearest.')
      expect(new Set(body.results.map(({ match }) => match))).toEqual(new Set(['weak']))
      const cut = await named('zebra', { cut: 'auto' })
      expect([cut.body.results, cut.body.nearest?.match]).toEqual([[], 'weak'])
      expect(cut.body.note).toMatch(/^Nothing here is alike/)
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
