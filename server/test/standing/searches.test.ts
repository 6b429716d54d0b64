import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MadeSearch, SearchList, SearchMatches, StandingSearch } from '@lookalike/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { openState } from '../../src/state/state.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'
import { importAll, SyntheticLibrary } from '../support/synthetic-library.ts'
import { until } from '../support/until.ts'

const uri = (name: string) => `http://example.org/${name}`
const idOf = (name: string) => recordId(uri(name))
const library = new SyntheticLibrary({ id: 'visual:3@224', dimensions: 224 }, { seed: 7 })
const [fox, owl] = [library.unrelated(), library.unrelated()]

async function add(
  { url }: Pick<TestServer, 'url'>,
  question: object,
  fields: Record<string, string> = {},
  files: Uint8Array[] = [],
) {
  const body = new FormData()
  body.set('question', JSON.stringify(question))
  body.set('name', 'a search')
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  for (const file of files) body.append('image_file', new Blob([new Uint8Array(file)]), 'asked.jpg')
  return getJson<MadeSearch>(`${url}/api/searches`, { method: 'POST', body })
}
const read = async ({ url }: Pick<TestServer, 'url'>, { id }: { id: string }) =>
  (await getJson<StandingSearch>(`${url}/api/searches/${id}`)).body
const matchesOf = async ({ url }: Pick<TestServer, 'url'>, { id }: { id: string }, query = '') =>
  (await getJson<SearchMatches>(`${url}/api/searches/${id}/matches${query}`)).body
const urisOf = ({ matches }: SearchMatches) =>
  matches.map(({ image }) => image?.image_uri.slice(19)).toSorted()

describe.each(['embedded', 'qdrant'])('searches that stand, over %s', (store) => {
  let server: TestServer
  let qdrant: FakeQdrant | undefined
  const bring = (...all: [name: string, vector: Float32Array, metadata?: object][]) =>
    importAll(
      server.url,
      all.map(([name, vector, metadata]) => library.record(uri(name), vector, metadata)),
    )
  beforeAll(async () => {
    qdrant = store === 'qdrant' ? await new FakeQdrant().start() : undefined
    server = await startServer(qdrant ? { STORE: 'qdrant', QDRANT_URL: qdrant.url } : {})
    const others = Array.from({ length: 150 }, (_, at) => [`other-${at}`, library.unrelated()] as const) // prettier-ignore
    await bring(['fox', fox], ['owl', owl], ['old-fox', library.related(fox, 0.8)], ...others.map(([name, vector]): [string, Float32Array] => [name, vector])) // prettier-ignore
  })
  afterAll(async () => {
    await server.stop()
    await qdrant?.stop()
  })

  test('tells of new pictures that match, each once, and not of those that were there', async () => {
    const { status, body: foxes } = await add(
      server,
      { parts: [{ id: idOf('fox') }] },
      { name: 'Foxes' },
    )
    expect(status).toBe(201)
    expect(foxes).toMatchObject({ name: 'Foxes', state: 'watching', min_match: 'strong', matches: 0, webhook: null, webhook_secret: null }) // prettier-ignore
    const close = library.related(fox, 0.75)
    await bring(['new-fox', close], ['new-owl', library.related(owl, 0.75)], ['stranger', library.unrelated()]) // prettier-ignore
    const found = await until(() => read(server, foxes), ({ matches }) => matches > 0) // prettier-ignore
    expect(found).toMatchObject({ matches: 1, unseen: 1, forgotten: 0 })
    // What matched before is written again, and so is what was told.
    await bring(['old-fox', library.related(fox, 0.81)], ['new-fox', close], ['late-fox', library.related(fox, 0.7)]) // prettier-ignore
    const all = await until(() => matchesOf(server, foxes), ({ matches }) => matches.length > 1) // prettier-ignore
    expect(urisOf(all)).toEqual(['late-fox', 'new-fox'])
    expect(all.matches[1]).toMatchObject({ id: idOf('new-fox'), match: 'strong', seen: false })
    expect(all.matches[1]!.score).toBeCloseTo(0.75, 2)

    const first = await matchesOf(server, foxes, '?limit=1')
    expect([urisOf(first), first.next_cursor]).toEqual([['late-fox'], first.matches[0]!.number])
    const second = await matchesOf(server, foxes, `?limit=1&cursor=${first.next_cursor}`)
    expect([urisOf(second), second.next_cursor]).toEqual([['new-fox'], null])

    const seen = await sendJson<StandingSearch>('POST', `${server.url}/api/searches/${foxes.id}/seen`, { up_to: second.matches[0]!.number }) // prettier-ignore
    expect(seen.body).toMatchObject({ matches: 2, unseen: 1 })
    expect(urisOf(await matchesOf(server, foxes, '?unseen=true'))).toEqual(['late-fox'])
    const { body: list } = await getJson<SearchList>(`${server.url}/api/searches`)
    expect(list).toMatchObject({ unseen: 1, searches: [{ id: foxes.id, unseen: 1 }] })
    const removed = await getJson(`${server.url}/api/searches/${foxes.id}`, { method: 'DELETE' })
    expect(removed.status).toBe(204)
    expect((await getJson(`${server.url}/api/searches/${foxes.id}`)).status).toBe(404)
  })

  test('several parts, dislikes, filters and thresholds mean what they mean in a search', async () => {
    const both = { parts: [{ id: idOf('fox') }, { id: idOf('owl') }], combine: 'all' }
    const away = { parts: [{ id: idOf('fox') }, { id: idOf('owl'), weight: -1 }], score_threshold: 0.3 }
    const albums = { parts: [{ id: idOf('fox') }], filter: { must: [{ key: 'album', match: { value: 'Harz' } }] } }
    const [every, only, album] = [
      (await add(server, both)).body,
      (await add(server, away)).body,
      (await add(server, albums)).body,
    ]
    const middle = fox.map((value, at) => (value + owl[at]!) / Math.hypot(...fox.map((one, of) => one + owl[of]!)))
    await bring(
      ['pair', library.related(middle, 0.9)],
      ['fox-alone', library.related(fox, 0.7)],
      ['fox-harz', library.related(fox, 0.72), { album: 'Harz' }],
    )
    await until(() => matchesOf(server, album), ({ matches }) => matches.length > 0)
    expect(urisOf(await matchesOf(server, album))).toEqual(['fox-harz'])
    expect(urisOf(await matchesOf(server, every))).toEqual(['pair'])
    expect(urisOf(await matchesOf(server, only))).toEqual(['fox-alone', 'fox-harz'])
    for (const { id } of [every, only, album]) {
      await getJson(`${server.url}/api/searches/${id}`, { method: 'DELETE' })
    }
  }) // prettier-ignore

  test('while it is paused pictures pass by, and changes are told', async () => {
    const { body: made } = await add(server, { parts: [{ id: idOf('owl') }] })
    const url = `${server.url}/api/searches/${made.id}`
    const paused = await sendJson<MadeSearch>('PATCH', url, { paused: true, name: 'Owls' })
    expect(paused.body).toMatchObject({ state: 'paused', name: 'Owls' })
    const { body: other } = await add(server, {
      parts: [{ id: idOf('owl') }],
      score_threshold: 0.5,
    })
    await bring(['passed-owl', library.related(owl, 0.7)])
    await until(() => matchesOf(server, other), ({ matches }) => matches.length > 0) // prettier-ignore
    await sendJson('PATCH', url, { paused: false })
    await bring(['next-owl', library.related(owl, 0.7)])
    await until(() => matchesOf(server, made), ({ matches }) => matches.length > 0) // prettier-ignore
    expect(urisOf(await matchesOf(server, made))).toEqual(['next-owl'])
    expect(urisOf(await matchesOf(server, other))).toEqual(['next-owl', 'passed-owl'])
    await getJson(url, { method: 'DELETE' })
    expect((await sendJson('PATCH', url, { name: 'gone' })).status).toBe(404)
  })

  test('a picture that was sent is kept small, and bad parts are named', async () => {
    const question = { parts: [{ file: 0 }], min_match: 'near-duplicate' }
    const { body: made } = await add(server, question, {}, [await jpeg(3)])
    const [part] = made.parts
    expect(part).toMatchObject({ id: null, text: null, filename: 'asked.jpg' })
    const thumbnail = await fetch(part!.thumbnail_url!)
    expect(thumbnail.headers.get('content-type')).toBe('image/webp')
    expect((await thumbnail.arrayBuffer()).byteLength).toBeGreaterThan(100)
    await server.index(await jpeg(3, 200, 150), { image_uri: uri('copy') })
    const found = await until(() => matchesOf(server, made), ({ matches }) => matches.length > 0) // prettier-ignore
    expect(found.matches).toMatchObject([{ match: 'near-duplicate' }])
    await getJson(`${server.url}/api/images/${idOf('copy')}`, { method: 'DELETE' })
    expect((await matchesOf(server, made)).matches).toMatchObject([{ id: idOf('copy'), image: null }]) // prettier-ignore
    const bad = await add(server, { parts: [{ id: idOf('fox') }, { id: idOf('nobody') }] })
    expect([bad.status, bad.body.code]).toEqual([404, 'not_found'])
    expect(bad.body.detail).toContain('Part 2 of 2')
    const list = await getJson<SearchList>(`${server.url}/api/searches`)
    expect(list.body.searches.map(({ detail }) => detail)).toEqual(
      list.body.searches.map(() => null),
    )
  })
})

test('a place that a server took and never filled, because it died, is free again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const state = openState({ dataDir, cacheMegabytes: 1, library: 'one', monthlyBudget: undefined })
  const { searches } = state
  expect([searches.reserve('a', 2, 'dead'), searches.reserve('b', 2, 'this')]).toEqual([true, true])
  expect(searches.reserve('c', 2, 'this')).toBe(false)
  searches.releaseDead(new Set(['this', 'other']))
  expect([searches.reserve('c', 2, 'this'), searches.areAny]).toEqual([true, true])
  const arrivals = state.arrivals('this')
  arrivals.mark(['picture'])
  // Held as long as a question is being made.
  arrivals.settle(arrivals.next(9, new Set()))
  expect(arrivals.waiting).toBe(1)
  searches.releaseDead(new Set())
  arrivals.settle(arrivals.next(9, new Set()))
  expect([arrivals.waiting, searches.areAny]).toEqual([0, false])
  state.close()
  await rm(dataDir, { recursive: true, force: true })
})
