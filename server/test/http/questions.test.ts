import { createClient, type Filter, type QuestionResponse } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { unitVector } from '../../src/records/vectors.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { startWebServer } from '../fakes/web-server.ts'
import { jpeg, picture } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'
import { importAll, SyntheticLibrary } from '../support/synthetic-library.ts'

const embedder = { id: 'visual:3@224', dimensions: 224 }
const uri = (name: string) => `http://example.org/${name}`
const idOf = (name: string) => recordId(uri(name))

interface Asked {
  parts: ({ weight?: number; region?: number[] } & (
    | { file: number }
    | { id: string }
    | { text: string }
  ))[]
  filter?: Filter
  [option: string]: unknown
}

function ask(server: TestServer, question: Asked, files: Record<string, Uint8Array> = {}) {
  const body = new FormData()
  body.set('question', JSON.stringify(question))
  for (const [name, bytes] of Object.entries(files)) {
    body.append('image_file', new Blob([new Uint8Array(bytes)]), name)
  }
  return getJson<QuestionResponse>(`${server.url}/api/images/search`, { method: 'POST', body })
}

async function answer(
  server: TestServer,
  question: Asked,
  files?: Record<string, Uint8Array>,
): Promise<QuestionResponse> {
  const { status, body } = await ask(server, question, files)
  expect(body).toMatchObject({ results: expect.anything() })
  expect(status).toBe(200)
  return body
}
const named = ({ results }: QuestionResponse) => results.map(({ image_uri }) => image_uri.slice(19))

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0) // prettier-ignore

/** Two kinds, pictures of each, some of both, and many of neither. */
function mixedLibrary() {
  const library = new SyntheticLibrary(embedder, { seed: 18 })
  const [foxes, nights] = [library.unrelated(), library.unrelated()]
  const both = unitVector(foxes.map((value, at) => value + nights[at]!))
  const vectors = new Map<string, Float32Array>()
  // First and many: a sample of the library is to hold few that are related.
  for (let at = 0; at < 600; at++) vectors.set(`other-${at}`, library.unrelated())
  vectors.set('fox', foxes).set('night', nights)
  for (let at = 0; at < 8; at++) {
    vectors.set(`fox-${at}`, library.related(foxes, 0.8 - at / 100))
    vectors.set(`night-${at}`, library.related(nights, 0.8 - at / 100))
    vectors.set(`both-${at}`, library.related(both, 0.75 - at / 100))
  }
  const twin = library.related(foxes, 0.5)
  for (let at = 0; at < 6; at++) vectors.set(`twin-${at}`, twin)
  const records = [...vectors].map(([name, vector], at) =>
    library.record(uri(name), vector, {
      kind: name.replace(/-.*/, ''),
      ...(at % 3 ? { taken: at % 7 } : {}),
    }),
  )
  return { vectors, records }
}

const { vectors, records } = mixedLibrary()
const ranked = (score: (vector: Float32Array) => number, without: string[]) =>
  [...vectors]
    .filter(([name]) => !without.includes(name))
    .map(([name, vector]) => ({ name, score: score(vector) }))
    .sort((a, b) => b.score - a.score || (idOf(a.name) < idOf(b.name) ? -1 : 1))
    .map(({ name }) => name)

describe.each(['embedded', 'qdrant'])('a question of several parts, kept by %s', (store) => {
  let server: TestServer
  let qdrant: FakeQdrant | undefined
  beforeAll(async () => {
    qdrant = store === 'qdrant' ? await new FakeQdrant().start() : undefined
    server = await startServer(qdrant ? { STORE: 'qdrant', QDRANT_URL: qdrant.url } : {})
    await importAll(server.url, records)
  })
  afterAll(async () => {
    await server.stop()
    await qdrant?.stop()
  })

  const fox = { id: idOf('fox') }
  const night = { id: idOf('night') }

  test('a sum finds what lies between, and a negative part what lies away', async () => {
    const [foxes, nights] = [vectors.get('fox')!, vectors.get('night')!]
    const sum = unitVector(foxes.map((value, at) => value + 0.5 * nights[at]!))
    const found = await answer(server, { parts: [fox, { ...night, weight: 0.5 }], limit: 40 })
    expect(named(found)).toEqual(
      ranked((vector) => dot(sum, vector), ['fox', 'night']).slice(0, 40),
    )
    expect(found.parts.map(({ id, weight }) => ({ id, weight }))).toEqual([
      { id: fox.id, weight: 1 },
      { id: night.id, weight: 0.5 },
    ])
    const [first] = found.results
    expect(first!.part_scores[0]).toBeCloseTo(dot(foxes, vectors.get(named(found)[0]!)!), 5)
    expect(found).toMatchObject({ complete: true, groups: null, next_offset: 40 })
    const away = await answer(server, { parts: [fox, { ...night, weight: -1 }], limit: 8 })
    expect(named(away).every((name) => name.startsWith('fox-'))).toBe(true)
  })

  test('with all, a result is like every part, and the answer says when that is certain', async () => {
    const found = await answer(server, { parts: [fox, night], combine: 'all', limit: 8 })
    expect(named(found).toSorted()).toEqual(Array.from({ length: 8 }, (_, at) => `both-${at}`))
    expect(found.complete).toBe(true)
    for (const { score, part_scores, match, surprise } of found.results) {
      expect(score).toBeCloseTo(Math.min(...part_scores), 6)
      expect(match).not.toBe('weak')
      expect(surprise).toBeGreaterThan(2)
    }
    const possible = await answer(server, { parts: [fox, night], combine: 'all', min_match: 'possible', limit: 50 }) // prettier-ignore
    expect(possible.results.every(({ match }) => match !== 'weak')).toBe(true)
    expect(named(possible).length).toBeLessThan(20)
    const neither = await answer(server, { parts: [fox, { ...night, weight: -1 }], combine: 'all', limit: 100 }) // prettier-ignore
    expect(
      named(neither)
        .slice(0, 8)
        .every((name) => name.startsWith('fox-')),
    ).toBe(true)
    // How rare a score is comes from a sample drawn at random: of what lies between, either may be said.
    for (const { part_scores } of neither.results) {
      expect(part_scores[0]).toBeGreaterThan(part_scores[1]! - 0.4)
    }
    expect(named(neither).filter((name) => name.startsWith('night-'))).toEqual([])
  })

  test.each(['sum', 'all'])('pages of %s are parts of one list, ties included', async (combine) => {
    const question = { parts: [fox, { ...night, weight: 0.1 }], combine }
    const whole = named(await answer(server, { ...question, limit: 100 }))
    const pages: string[] = []
    let offset: number | null = 0
    while (offset !== null && offset < 100) {
      const page = await answer(server, { ...question, limit: 23, offset })
      pages.push(...named(page))
      offset = page.next_offset
    }
    expect(new Set(pages).size).toBe(pages.length)
    expect(pages.slice(0, 100)).toEqual(whole)
  })

  test('results come in groups, sorted, in an order by chance, and diverse', async () => {
    const parts = [fox]
    const grouped = await answer(server, { parts, group_by: 'kind', group_size: 2, limit: 4 })
    expect(grouped.groups!.map(({ value }) => value).slice(0, 3)).toEqual(['"fox"', '"both"', '"twin"']) // prettier-ignore
    expect(grouped.groups!.flatMap(({ ids }) => ids)).toEqual(grouped.results.map(({ id }) => id))
    expect(grouped.groups!.every(({ ids }) => ids.length <= 2)).toBe(true)
    const second = await answer(server, { parts, group_by: 'kind', limit: 1, offset: 1 })
    expect(named(second)).toEqual(['both-0'].map(() => named(second)[0]!))
    expect(named(second)[0]).toMatch(/^both-/)

    const sorting = { parts, among: 20, limit: 20 }
    const plain = named(await answer(server, sorting))
    const byTime = await answer(server, { ...sorting, sort: { key: 'taken', order: 'desc' } })
    const taken = byTime.results.map(({ metadata }) => metadata['taken'] ?? -1) as number[]
    expect(taken).toEqual(taken.toSorted((a, b) => b - a))
    expect(named(byTime).toSorted()).toEqual(plain.toSorted())
    const chance = named(await answer(server, { ...sorting, sort: { random: 7 } }))
    expect(chance).not.toEqual(plain)
    expect(chance.toSorted()).toEqual(plain.toSorted())
    expect(named(await answer(server, { ...sorting, sort: { random: 7 } }))).toEqual(chance)

    // All twins are one picture to it: after the first, others come.
    const diverse = named(await answer(server, { ...sorting, among: 100, limit: 10, diversity: 0.5 })) // prettier-ignore
    expect(diverse.filter((name) => name.startsWith('twin')).length).toBeLessThan(2)
    expect(diverse[0]).toBe('fox-0')
  })

  test('what is excluded, filtered or below the threshold is not found', async () => {
    const parts = [fox]
    const exclude = [idOf('fox-0'), idOf('fox-2')]
    const found = named(await answer(server, { parts, exclude, limit: 3 }))
    expect(found).toEqual(['fox-1', 'fox-3', 'fox-4'])
    const filter = { must: [{ key: 'kind', match: { value: 'night' } }] }
    const nights = named(await answer(server, { parts, filter, limit: 100 }))
    expect(nights.length).toBe(9)
    const high = await answer(server, { parts, score_threshold: 0.775, limit: 100 })
    expect(named(high)).toEqual(['fox-0', 'fox-1', 'fox-2'])
    expect(high.next_offset).toBeNull()
    const cut = await answer(server, { parts, cut: 'auto', hide_duplicates: false, limit: 100 })
    expect(named(cut).length).toBeGreaterThan(7)
    expect(named(cut).length).toBeLessThan(70)
  })
})

describe('questions of pictures', () => {
  let server: TestServer
  let web: Awaited<ReturnType<typeof startWebServer>>
  beforeAll(async () => {
    web = await startWebServer()
    server = await startServer({ ALLOW_PRIVATE_URLS: '127.0.0.1/32' })
    for (let seed = 0; seed < 6; seed++) {
      await server.index(await picture(seed).png().toBuffer(), { image_uri: uri(`${seed}`) })
    }
  })
  afterAll(async () => {
    await server.stop()
    await web.stop()
  })

  test('pictures are fetched from where they are, and stages are told', async () => {
    const bytes = await jpeg(1)
    web.serve('/one.jpg', (response) => response.end(bytes))
    web.serve('/page', (response) => response.end('<!doctype html><p>no picture'))
    const client = createClient({ baseUrl: server.url })
    const stages: string[] = []
    const found = await client.search([{ url: `${web.url}/one.jpg` }, { id: idOf('2'), weight: -0.1 }], {
      limit: 2,
      onStage: ({ stage }) => stages.push(stage),
    }) // prettier-ignore
    expect(named(found)[0]).toBe('1')
    expect(found.parts[0]!.query.filename).toBe('one.jpg')
    expect([stages[0], stages.at(-1)]).toEqual(['receive', 'search'])
    const parts = [{ id: idOf('2') }, { url: `${web.url}/page` }, { url: `${web.url}/nowhere` }]
    await expect(client.search(parts, { onStage: () => {} })).rejects.toMatchObject({
      problem: { parts: [2], detail: expect.stringMatching(/^Part 3 of 3 \(http:.*nowhere\): /) },
    })
    expect(await server.uploads()).toEqual([])
  })

  test('several files, records and words are one question', async () => {
    const files = { 'a.jpg': await jpeg(1), 'b.jpg': await jpeg(2) }
    const parts = [{ file: 1, weight: 0.2 }, { file: 0 }, { id: idOf('3'), weight: -0.1 }, { text: 'fox', weight: 0.1 }] // prettier-ignore
    const found = await answer(server, { parts }, files)
    expect(named(found)).not.toContain('3')
    expect(named(found).slice(0, 1)).toEqual(['1'])
    expect(found.parts.map(({ query }) => query.filename)).toEqual(['b.jpg', 'a.jpg', null, null])
    expect(found.query_image).toContain(' / not: ')
    expect(await server.uploads()).toEqual([])
  })

  test('one part is searched for as search-similar does', async () => {
    const bytes = await jpeg(4)
    const plain = await server.search(bytes)
    const found = await answer(server, { parts: [{ file: 0 }] }, { picture: bytes })
    expect(found).toMatchObject({ query: plain.body.query, query_image: plain.body.query_image })
    expect(found.results).toMatchObject(plain.body.results)
  })

  test('a region is cut out at full size, of a file and of a record', async () => {
    const edge = 1600
    const detail = await picture(2, 320, 240).png().toBuffer()
    const scene = await picture(5, edge, 1200).composite([{ input: detail, left: 800, top: 300 }]).png({ compressionLevel: 1 }).toBuffer() // prettier-ignore
    const region = [0.5, 0.25, 0.2, 0.2]
    const [whole, part] = await Promise.all([
      answer(server, { parts: [{ file: 0 }] }, { scene }),
      answer(server, { parts: [{ file: 0, region }] }, { scene }),
    ])
    expect(named(whole)[0]).toBe('5')
    expect(named(part)[0]).toBe('2')
    // What is cut out at full size is the very picture that was put there.
    expect(part.results[0]!.score).toBeGreaterThan(0.97)
    expect(part.results[0]!.match).not.toBe('same')
    await server.index(scene, { image_uri: uri('scene') })
    const turned = await sharp(scene).rotate(90).jpeg().withMetadata({ orientation: 8 }).toBuffer()
    const upright = await answer(server, { parts: [{ file: 0, region }] }, { turned })
    expect(named(upright)[0]).toBe('2')
    const stored = await answer(server, { parts: [{ id: idOf('scene'), region }] })
    expect(named(stored)[0]).toBe('2')
    expect(named(stored)).not.toContain('scene')
  })

  test('bad parts are named, each of them', async () => {
    const good = await jpeg(1)
    const bad = Buffer.from('no picture at all')
    const files = { 'a.jpg': good, 'b.txt': bad, 'c.jpg': good, 'd.txt': bad, 'e.jpg': good }
    const five = await ask(server, { parts: [0, 1, 2, 3, 4].map((file) => ({ file })) }, files)
    expect(five).toMatchObject({ status: 400, body: { code: 'invalid_image' } })
    expect(five.body).toMatchObject({ parts: [1, 3] })
    expect(five.body.detail).toMatch(/^Part 2 of 5 \(b\.txt\): .* Part 4 of 5 \(d\.txt\): /)
    const gone = await ask(server, { parts: [{ file: 0 }, { id: idOf('gone') }] }, { good })
    expect(gone).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(gone.body.detail).toMatch(/^Part 2 of 2 \(image /)
    const words = await ask(server, { parts: [{ text: 'qwertz' }, { id: idOf('1') }] })
    expect(words).toMatchObject({ status: 422, body: { code: 'unknown_words' } })
    expect(words.body.detail).toMatch(/^Part 1 of 2 \(words\)/)
    expect(await server.uploads()).toEqual([])
  })

  const misspelled = { id: idOf('1'), wieght: -1 }
  test.each<[string, Asked, number, RegExp]>([
    ['no parts', { parts: [] }, 400, /question\.parts: must have at least one part/],
    ['a part of two things', { parts: [{ id: idOf('1'), text: 'fox' }] }, 400, /question\.parts\.0: must have exactly one/],
    ['a region that is outside', { parts: [{ id: idOf('1'), region: [0.8, 0, 0.5, 1] }] }, 400, /question\.parts\.0\.region: must be x, y/],
    ['a region of words', { parts: [{ text: 'fox', region: [0, 0, 1, 1] }] }, 400, /parts\.0\.region: is for pictures/],
    ['only what is not wanted', { parts: [{ id: idOf('1'), weight: -1 }] }, 400, /above 0/],
    ['parts that cancel', { parts: [{ id: idOf('1') }, { id: idOf('1'), weight: -1 }] }, 400, /cancel each other/],
    ['a file that was not sent', { parts: [{ id: idOf('1') }, { file: 2 }] }, 400, /Part 2 of 2 is file 2 of the form/],
    ['a key that is none', { parts: [{ id: idOf('1') }], sort: { key: 'a..b' } }, 400, /not a key/],
    ['a part with a misspelled key', { parts: [misspelled] }, 400, /question\.parts\.0: has wieght, which is not known here: it may have .*weight/],
    ['a misspelled key', { parts: [{ id: idOf('1') }], score_treshold: 1 }, 400, /question: has score_treshold, .*score_threshold/],
    ['two orders', { parts: [{ id: idOf('1') }], sort: { key: 'a' }, diversity: 0.5 }, 400, /choose one/],
    ['a cut of all', { parts: [{ id: idOf('1') }], combine: 'all', cut: 'auto' }, 400, /min_match/],
  ])('refuses %s', async (_name, question, status, detail) => {
    const { status: found, body } = await ask(server, question)
    expect({ found, detail: body.detail }).toEqual({ found: status, detail: expect.stringMatching(detail) })
  }) // prettier-ignore

  test('a file that no part names is told, and so is too much', async () => {
    const unnamed = await ask(server, { parts: [{ id: idOf('1') }] }, { a: await jpeg(1) })
    expect(unnamed.body.detail).toMatch(/No part of the question names file 0/)
    const bytes = await jpeg(1)
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`${at}.jpg`, bytes]))
    const tooMany = await ask(server, { parts: [{ file: 0 }] }, many)
    expect(tooMany).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } })
    expect(tooMany.body.detail).toMatch(/at most 10 files/)
    expect(await server.uploads()).toEqual([])
  })
})
