import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import type { ImageRecord } from '../../src/records/record.ts'
import { startSparqlEndpoint } from '../fakes/sparql-endpoint.ts'
import { jpeg } from '../support/pictures.ts'
import { getHealth, sendJson, startServer, type TestServer } from '../support/server.ts'

const identifier = '<https://schema.org/identifier>'

let endpoint: Awaited<ReturnType<typeof startSparqlEndpoint>>
let server: TestServer
beforeEach(async () => {
  endpoint = await startSparqlEndpoint()
})
afterEach(async () => {
  await server.stop()
  await endpoint.stop()
})

async function rows(query: string): Promise<string[]> {
  const response = await fetch(`${server.url}/api/kg/sparql`, {
    method: 'POST',
    headers: { 'content-type': 'application/sparql-query', accept: 'text/tab-separated-values' },
    body: query,
  })
  expect(response.status).toBe(200)
  return (await response.text()).trimEnd().split('\n').slice(1)
}
const described = async () =>
  (await rows(`SELECT ?i { ?s ${identifier} ?i } ORDER BY ?i`)).map((cell) => JSON.parse(cell))
const soon = { timeout: 30_000, interval: 100 }
const graphCheck = async () => (await getHealth(server.url)).body.checks.graph!
const index = async (seed: number, image_uri: string, metadata: object = {}) => {
  const fields = { image_uri, metadata: JSON.stringify(metadata) }
  const { status, body } = await server.index(await jpeg(seed, 48, 48), fields)
  expect([status, body.detail]).toEqual([201, undefined])
  return body.id
}

describe.each(['embedded', 'sparql'])('GRAPH=%s', (driver) => {
  beforeEach(async () => {
    server = await startServer({ GRAPH: driver, SPARQL_ENDPOINT: endpoint.url })
  })

  test('links, keys and URIs of any spelling stop no other record, and can be asked for', async () => {
    const uris = [
      'https://e.org/50%.jpg',
      'https://e.org/?id[]=3',
      'https://e.org/a#b#c',
      'https://e.org/with space',
      'C:\\pictures\\a.jpg',
      's3://bucket/100%/[x]/{y}|z^`',
      'a:[nowhere]',
      'https://e.org/\u0085\u009f',
      'https://e.org/\ufffe\ue000',
      'urn:uuid:not-one',
      'https://e.org/bücher/😀.jpg',
      'https://e.org/plain',
    ]
    const odd = [
      '50%',
      'a[]',
      ' ',
      'a b',
      '\u0001\n\t',
      '"<>{}|\\^`',
      'é😀',
      '',
      '%zz',
      'https://e.org/%',
      '\ufffe',
    ]
    const metadata = {
      ...Object.fromEntries(odd.map((key, n) => [key, n])),
      links: [
        'https://shop.example/sale?off=50%&id[]=3',
        'https://e.org/\u0001',
        'https://e.org/a b',
        'http://',
        'https://e.org/ok?q=%25#x',
        'https://e.org/#a#b',
        'http://[::1',
        'https://e.org/\\u003e',
      ],
      deep: { '%': [{ '[]': ['>', '<', '"', '\\'] }] },
      big: [1e308, -0, 0.1, 123456789012345],
    }
    for (const [n, uri] of uris.entries()) await index(n, uri, n === 3 ? metadata : {})
    await vi.waitFor(async () => expect(await described()).toHaveLength(uris.length), soon)
    expect(await described()).toEqual(uris.toSorted())
    expect(await graphCheck()).toMatchObject({ status: 'ok' })
    const values = await rows(
      `SELECT ?v { ?s ${identifier} "https://e.org/with space" ; ?p ?v FILTER(STRSTARTS(STR(?p), "urn:lookalike:metadata:")) }`,
    )
    // Every key has its value; of the links one alone is an IRI.
    expect(values).toHaveLength(odd.length + metadata.links.length + 4 + 4)
    expect(values.filter((value) => value.startsWith('<'))).toEqual(
      ['<https://e.org/ok?q=%25#x>', '<http://>'].filter((one) => values.includes(one)),
    )

    for (const uri of uris) {
      const url = `${server.url}/api/images/${recordId(uri)}/statements`
      const value = { type: 'literal', value: 'Ann' }
      const added = await sendJson('POST', url, { predicate: 'https://schema.org/creator', value })
      expect([uri, added.status]).toEqual([uri, 204])
      const { statements } = (await (await fetch(url)).json()) as { statements: object[] }
      expect(statements).toContainEqual(expect.objectContaining({ graph: 'people', value }))
    }
    for (const accept of [
      'text/turtle',
      'application/n-triples',
      'application/n-quads',
      'application/ld+json',
      'application/rdf+xml',
    ]) {
      const all = await fetch(`${server.url}/api/kg/export`, { headers: { accept } })
      const back = await fetch(`${server.url}/api/kg/import`, {
        method: 'POST',
        headers: { 'content-type': accept },
        body: await all.text(),
      })
      expect([accept, back.status]).toEqual([accept, 200])
    }
  })

  test('half a surrogate pair, which older libraries may hold, is narrowed, named and counted', async () => {
    const { store, embedder } = server.services.deps
    const vector = new Float32Array(embedder.dimensions).fill(embedder.dimensions ** -0.5)
    const record = (imageUri: string, rest: Partial<ImageRecord> = {}) => ({
      id: recordId(imageUri),
      imageUri,
      description: 'd',
      metadata: {},
      file: null,
      embedderId: null,
      indexedAt: null,
      vector,
      ...rest,
    })
    await index(1, 'https://e.org/before')
    await store.upsert([
      record('https://e.org/odd', { metadata: { 'title \ud83d': 'cut \udc00' } }),
    ])
    await index(2, 'https://e.org/after')
    await vi.waitFor(async () => expect(await described()).toHaveLength(3), soon)
    const { status, detail } = await graphCheck()
    expect([status, detail]).toEqual([
      'ok',
      expect.stringMatching(/replacement characters: 1, .*title/),
    ])
    const title = 'SELECT ?v { ?s <urn:lookalike:metadata:title%20%EF%BF%BD> ?v }'
    expect(await rows(title)).toEqual(['"cut \ufffd"'])
    await store.delete([recordId('https://e.org/odd')])
    await vi.waitFor(
      async () =>
        expect(await graphCheck()).toMatchObject({
          status: 'ok',
          detail: expect.not.stringContaining('replacement'),
        }),
      soon,
    )
  })
})

test.each([400, 413, 500])(
  'a record that the engine refuses with %s is left out alone, until it is changed',
  async (status) => {
    server = await startServer({ GRAPH: 'sparql', SPARQL_ENDPOINT: endpoint.url })
    endpoint.refuse('poison', status)
    const uris = Array.from({ length: 9 }, (_, n) => `https://e.org/${n}`)
    const ids: string[] = []
    for (const [n, uri] of uris.entries())
      ids.push(await index(n, uri, n === 4 ? { note: 'poison' } : {}))
    await vi.waitFor(async () => expect(await described()).toHaveLength(8), soon)
    await vi.waitFor(
      async () => expect((await graphCheck()).detail).toMatch(/^Images left out/),
      soon,
    )
    const check = await graphCheck()
    expect([check.status, check.detail]).toEqual([
      'degraded',
      expect.stringMatching(`left out, .*: 1, such as ${ids[4]}`),
    ])
    expect(await described()).not.toContain(uris[4])
    await index(20, 'https://e.org/later')
    await sendJson('PATCH', `${server.url}/api/images/${ids[4]}`, {
      metadata: { note: 'antidote' },
    })
    await vi.waitFor(async () => expect(await described()).toHaveLength(10), soon)
    expect(await graphCheck()).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/Every image is described\.$/),
    })
  },
  90_000,
)
