import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// The client has no types of its own; these are the calls that the tests make.
// @ts-expect-error -- see above
import UntypedClient from 'sparql-http-client/ParsingClient.js'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

interface Term {
  termType: string
  value: string
  datatype?: Term
}
interface Client {
  query: {
    select(text: string, options?: object): Promise<Record<string, Term>[]>
    ask(text: string, options?: object): Promise<boolean>
    construct(text: string, options?: object): Promise<Iterable<Record<string, Term>>>
    update(text: string, options?: object): Promise<void>
  }
}
const SparqlClient = UntypedClient as new (options: object) => Client

const schema = 'https://schema.org/'
let server: TestServer
let client: Client
beforeAll(async () => {
  server = await startServer()
  client = new SparqlClient({
    endpointUrl: `${server.url}/api/kg/sparql`,
    updateUrl: `${server.url}/api/kg/update`,
  })
  const fields = {
    image_uri: 'http://example.org/fox.jpg',
    metadata: JSON.stringify({ category: 'animal', camera: { model: 'X "1"' }, stars: 4 }),
    description: 'A fox\r\nat night \\ "asleep"',
  }
  await server.index(await jpeg(1), fields)
  await server.index(await jpeg(2), { image_uri: 'http://example.org/with space.jpg' })
})
afterAll(() => server.stop())

const get = (path: string, accept: string) => fetch(`${server.url}${path}`, { headers: { accept } })
const ask = (query: string, accept = '*/*') =>
  get(`/api/kg/sparql?query=${encodeURIComponent(query)}`, accept)

describe('an independent SPARQL client', () => {
  test.each(['get', 'postUrlencoded', 'postDirect'])('reads by %s', async (operation) => {
    const rows = await client.query.select(
      `SELECT ?name ?width { ?image a <${schema}ImageObject> ; <${schema}name> ?name ; <${schema}width> ?width } ORDER BY ?name`,
      { operation },
    )
    expect(rows.map(({ name }) => name!.value)).toEqual(['fox.jpg', 'with space.jpg'])
    expect(rows[0]!['width']).toMatchObject({ termType: 'Literal', value: '320' })
    const holds = `ASK { <http://example.org/fox.jpg> <${schema}category> "animal" }`
    expect(await client.query.ask(holds, { operation })).toBe(true)
    const quads = await client.query.construct('CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }', { operation })
    expect([...quads].length).toBeGreaterThan(20)
  })

  test.each(['postUrlencoded', 'postDirect'])('writes by %s', async (operation) => {
    const fact = `<http://example.org/fox.jpg> <http://example.org/by-${operation}> "Ann"@en`
    const type = `application/${operation === 'postDirect' ? 'sparql-update' : 'x-www-form-urlencoded'}`
    const options = { operation, headers: { 'content-type': type } }
    await client.query.update(`INSERT DATA { ${fact} }`, options)
    expect(await client.query.ask(`ASK { GRAPH <urn:lookalike:graph:people> { ${fact} } }`)).toBe(
      true,
    )
    await client.query.update(`DELETE DATA { ${fact} }`, options)
    expect(await client.query.ask(`ASK { ${fact} }`)).toBe(false)
  })

  test('restricts the dataset by protocol parameters and by FROM', async () => {
    const count = 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
    const people = encodeURIComponent('urn:lookalike:graph:people')
    const path = `/api/kg/sparql?query=${encodeURIComponent(count)}&default-graph-uri=${people}`
    expect(await (await get(path, 'text/csv')).text()).toMatch(/^n\r?\n0\r?\n$/)
    const from = 'SELECT (COUNT(*) AS ?n) FROM <urn:lookalike:graph:people> { ?s ?p ?o }'
    expect(await (await ask(from, 'text/csv')).text()).toMatch(/^n\r?\n0\r?\n$/)
  })
})

describe('content negotiation', () => {
  const table = 'SELECT ?s { ?s ?p ?o } LIMIT 1'
  const graph = 'CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1'
  test.each([
    [table, '*/*', 'application/sparql-results+json'],
    [table, 'application/json', 'application/sparql-results+json'],
    [table, 'application/sparql-results+xml', 'application/sparql-results+xml'],
    [table, 'text/csv;q=0.5, text/tab-separated-values', 'text/tab-separated-values'],
    [table, 'text/csv', 'text/csv'],
    [graph, '*/*', 'text/turtle'],
    [graph, 'application/ld+json', 'application/ld+json'],
    [graph, 'application/n-triples', 'application/n-triples'],
    [graph, 'application/rdf+xml', 'application/rdf+xml'],
  ])('%s as %s', async (query, accept, expected) => {
    const response = await ask(query, accept)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      `${expected}; charset=utf-8`,
    ])
    expect(response.headers.get('vary')).toMatch(/accept/i)
  })

  test('a format nobody here writes is 406, a format that fits the other kind too', async () => {
    const refused = await ask(table, 'image/png')
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      406,
      'not_acceptable',
    ])
    expect((await ask(table, 'text/turtle')).status).toBe(406)
  })
})

test('broken requests are 400 with what to do', async () => {
  for (const response of [
    await get('/api/kg/sparql', '*/*'),
    await get('/api/kg/sparql?query=ASK%7B%7D&query=ASK%7B%7D', '*/*'),
    await fetch(`${server.url}/api/kg/sparql`, { method: 'POST', body: 'ASK {}' }),
    await get(`/api/kg/update?update=${encodeURIComponent('CLEAR ALL')}`, '*/*'),
  ]) {
    expect([400, 405]).toContain(response.status)
  }
  const broken = await ask('SELECT ?x { ?x ')
  expect(broken.status).toBe(400)
  expect(await broken.json()).toMatchObject({ code: 'invalid_query' })
})

test('every value comes back as it was given, whatever characters it holds', async () => {
  const rows = await client.query.select(
    `SELECT ?d ?m ?i { ?s <${schema}description> ?d ; <urn:lookalike:metadata:camera.model> ?m ; <${schema}identifier> ?i }`,
  )
  expect([rows[0]!['d']!.value, rows[0]!['m']!.value]).toEqual([
    'A fox\r\nat night \\ "asleep"',
    'X "1"',
  ])
  const spaced = await client.query.select(
    `SELECT ?s { ?s <${schema}identifier> "http://example.org/with space.jpg" }`,
  )
  expect(spaced[0]!['s']!.value).toMatch(/^urn:uuid:/)
})

test('documents of each format are imported and come out again', async () => {
  const fact = '<http://example.org/a> <http://example.org/b>'
  const documents = {
    'text/turtle': `${fact} "turtle", [ <http://example.org/c> 1 ] .`,
    'application/n-quads': `${fact} "quads" <http://example.org/any> .`,
    'application/ld+json': JSON.stringify({
      '@id': 'http://example.org/a',
      'http://example.org/b': 'jsonld',
    }),
  }
  for (const [type, body] of Object.entries(documents)) {
    const response = await fetch(`${server.url}/api/kg/import`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect([type, response.status]).toEqual([type, 200])
  }
  const kept = await client.query.select(
    `SELECT ?v { GRAPH <urn:lookalike:graph:people> { ${fact} ?v } FILTER(isLiteral(?v)) } ORDER BY ?v`,
  )
  expect(kept.map(({ v }) => v!.value)).toEqual(['jsonld', 'quads', 'turtle'])
  for (const accept of ['text/turtle', 'application/n-quads', 'application/ld+json']) {
    const body = await (await get('/api/kg/export', accept)).text()
    expect(body).toContain('turtle')
    expect(body).toContain('http://example.org/fox.jpg')
  }
  const bad = await fetch(`${server.url}/api/kg/import`, {
    method: 'POST',
    headers: { 'content-type': 'text/turtle' },
    body: '<a <b',
  })
  expect([bad.status, ((await bad.json()) as { code: string }).code]).toEqual([
    400,
    'invalid_query',
  ])
  await client.query.update('CLEAR DEFAULT')
  expect(await client.query.ask('ASK { GRAPH <urn:lookalike:graph:people> { ?s ?p ?o } }')).toBe(
    false,
  )
})

test('what people say outlives re-indexing, new metadata and deletion', async () => {
  const uri = 'http://example.org/book/owl.jpg'
  const { body: record } = await server.index(await jpeg(7), {
    image_uri: uri,
    metadata: '{"category":"bird"}',
  })
  const said = `<${uri}> <http://example.org/drawn-by> <http://example.org/ann>`
  await client.query.update(`INSERT DATA { ${said} }`)
  await fetch(`${server.url}/api/images/${record.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { category: 'night bird' } }),
  })
  const category = `SELECT ?c { <${uri}> <${schema}category> ?c }`
  expect((await client.query.select(category)).map(({ c }) => c!.value)).toEqual(['night bird'])
  expect(await client.query.ask(`ASK { ${said} }`)).toBe(true)
  await fetch(`${server.url}/api/images/${record.id}`, { method: 'DELETE' })
  expect(await client.query.select(category)).toEqual([])
  expect(
    await client.query.ask(`ASK { ?e <http://www.w3.org/ns/prov#wasDerivedFrom> <${uri}> }`),
  ).toBe(false)
  expect(await client.query.ask(`ASK { ${said} }`)).toBe(true)
})

test('updates match across both graphs and write only the people’s', async () => {
  await client.query.update(
    `PREFIX s: <${schema}> INSERT { ?i <http://example.org/wide> true } WHERE { ?i s:width ?w FILTER(?w > 300) };
     DELETE { ?i <http://example.org/wide> true } INSERT { ?i <http://example.org/wide> [ <http://example.org/w> ?n ] }
     WHERE { ?i <http://example.org/wide> true ; s:name ?n }`,
  )
  const rows = await client.query.select(
    'SELECT ?n { ?i <http://example.org/wide>/<http://example.org/w> ?n } ORDER BY ?n',
  )
  expect(rows.map(({ n }) => n!.value)).toEqual(['fox.jpg', 'with space.jpg'])
  await client.query.update('DELETE WHERE { ?i <http://example.org/wide> ?w . ?w ?p ?o }')
  expect(await client.query.ask('ASK { ?i <http://example.org/wide> ?w }')).toBe(false)
})

test('the ontology is published, and is Turtle', async () => {
  const response = await get('/api/kg/ontology', '*/*')
  expect(response.headers.get('content-type')).toMatch(/^text\/turtle/)
  const imported = await fetch(`${server.url}/api/kg/import`, {
    method: 'POST',
    headers: { 'content-type': 'text/turtle' },
    body: await response.text(),
  })
  expect(imported.status).toBe(200)
  await client.query.update('CLEAR DEFAULT')
})

test('keys guard the graph like everything else', async () => {
  const locked = await startServer({ API_KEYS: 'secret' })
  const update = (headers: Record<string, string>) =>
    fetch(`${locked.url}/api/kg/update`, {
      method: 'POST',
      headers: { 'content-type': 'application/sparql-update', ...headers },
      body: 'INSERT DATA { <http://e.org/a> <http://e.org/b> 1 }',
    })
  expect((await update({})).status).toBe(401)
  expect((await fetch(`${locked.url}/api/kg/sparql?query=ASK%7B%7D`)).status).toBe(401)
  expect((await update({ authorization: 'Bearer secret' })).status).toBe(204)
  await locked.stop()
})
