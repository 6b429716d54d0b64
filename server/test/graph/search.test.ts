import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SearchResponse } from '@lookalike/sdk'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

const images = Array.from({ length: 12 }, (_, seed) => `http://example.org/${seed}`)

describe.each(['embedded', 'qdrant'] as const)('%s', (store) => {
  let server: TestServer
  let qdrant: FakeQdrant | undefined
  beforeAll(async () => {
    qdrant = store === 'qdrant' ? await new FakeQdrant().start() : undefined
    server = await startServer(qdrant ? { QDRANT_URL: qdrant.url } : {})
    for (const [seed, image_uri] of images.entries()) {
      const metadata = JSON.stringify({ type: seed % 2 ? 'input' : 'output' })
      await server.index(await jpeg(seed, 64, 64), { image_uri, metadata })
    }
    await server.index(await jpeg(99, 64, 64), { image_uri: 'http://example.org/a b' })
  })
  afterAll(async () => {
    await server.stop()
    await qdrant?.stop()
  })

  const found = (body: SearchResponse) => body.results.map(({ image_uri }) => image_uri).toSorted()

  test('finds exactly the candidates, be they none, one, many or all', async () => {
    for (const size of [0, 1, 6, images.length]) {
      const values = images.slice(0, size).map((uri) => `<${uri}>`)
      const sparql = `SELECT ?image { VALUES ?image { ${values.join(' ')} } }`
      const { status, body } = await server.search(await jpeg(3, 64, 64), { sparql, limit: '100' })
      expect(status).toBe(200)
      expect(found(body)).toEqual(images.slice(0, size).toSorted())
    }
  })

  test('works beside a filter, for "more like this one", and for URIs that are no IRIs', async () => {
    const filter = JSON.stringify({ must: [{ key: 'type', match: { value: 'input' } }] })
    const sparql =
      'SELECT ?image { ?image <https://schema.org/name> ?n FILTER(?n IN ("2", "3", "5", "a b")) }'
    const both = await server.search(await jpeg(3, 64, 64), { sparql, filter, limit: '100' })
    expect(found(both.body)).toEqual(['http://example.org/3', 'http://example.org/5'])
    const all = await server.search(await jpeg(3, 64, 64), { sparql, limit: '100' })
    expect(found(all.body)).toContain('http://example.org/a b')
    const [first] = all.body.results
    expect([first!.image_uri, Math.round(first!.score * 1000)]).toEqual([
      'http://example.org/3',
      1000,
    ])
    const path = `/api/images/${first!.id}/similar?sparql=${encodeURIComponent(sparql)}`
    const similar = await getJson<SearchResponse>(server.url + path)
    expect(found(similar.body)).toEqual([
      'http://example.org/2',
      'http://example.org/5',
      'http://example.org/a b',
    ])
  })

  test('answers as JSON-LD when asked', async () => {
    const { headers, body } = await server.search(
      await jpeg(3, 64, 64),
      { limit: '1' },
      { headers: { accept: 'application/ld+json' } },
    )
    expect(headers.get('content-type')).toMatch(/^application\/ld\+json/)
    const imported = await fetch(`${server.url}/api/kg/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/ld+json' },
      body: JSON.stringify(body),
    })
    expect(imported.status).toBe(200)
    const text = `ASK { GRAPH <urn:lookalike:graph:people> { ?list a <https://schema.org/ItemList> ;
      <https://schema.org/itemListElement> [ <https://schema.org/position> 1 ; <urn:lookalike:term:score> ?score ;
      <https://schema.org/item> <http://example.org/3> ] . <http://example.org/3> a <https://schema.org/ImageObject> } }`
    const answer = await getJson<{ boolean: boolean }>(
      `${server.url}/api/kg/sparql?query=${encodeURIComponent(text)}`,
    )
    expect(answer.body.boolean).toBe(true)
  })

  test.each([
    ['ASK { ?image ?p ?o }', 'invalid_query'],
    ['SELECT ?picture { ?picture ?p ?o }', 'invalid_query'],
    ['SELECT ?image { SERVICE <http://127.0.0.1:1/> { ?image ?p ?o } }', 'query_refused'],
    ['DELETE WHERE { ?image ?p ?o }', 'query_refused'],
  ])('says what is wrong with %s', async (sparql, code) => {
    const { status, body } = await server.search(await jpeg(3, 64, 64), { sparql })
    expect([status, body.code]).toEqual([400, code])
  })
})

test('without a graph everything else works, and questions are told how to have one', async () => {
  const server = await startServer({ GRAPH: 'none' })
  await server.index(await jpeg(1), { image_uri: 'http://example.org/1' })
  expect((await server.search(await jpeg(1))).body.results).toHaveLength(1)
  const sparql = 'SELECT ?image { ?image ?p ?o }'
  const asked = await server.search(await jpeg(1), { sparql })
  expect([asked.status, asked.body.code]).toEqual([422, 'unsupported'])
  expect(asked.body.detail).toContain('GRAPH=embedded')
  await server.stop()
})
