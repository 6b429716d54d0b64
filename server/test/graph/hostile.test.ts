import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ GRAPH_TIMEOUT_MS: '800' })
  await server.index(await jpeg(1), { image_uri: 'http://example.org/1' })
  const lines = Array.from(
    { length: 3000 },
    (_, n) => `<http://e.org/${n}> <http://e.org/n> ${n} .`,
  )
  const imported = await fetch(`${server.url}/api/kg/import`, {
    method: 'POST',
    headers: { 'content-type': 'text/turtle' },
    body: lines.join('\n'),
  })
  expect(imported.status).toBe(200)
})
afterAll(() => server.stop())

const post = (path: string, type: string, body: string) =>
  fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body })
const ask = (query: string) => post('/api/kg/sparql', 'application/sparql-query', query)
/** Asked again while the engine is being opened anew, which takes of the time that a query has. */
async function isCount(expected: number): Promise<void> {
  const answer = async () =>
    (await ask('SELECT (COUNT(*) AS ?n) { ?s <http://e.org/n> ?o }')).text()
  await expect.poll(answer).toContain(`"value":"${expected}"`)
}

test.each([
  ['a cartesian product', 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }'],
  ['a product sorted', 'SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c'],
  [
    'paths over everything',
    'SELECT * { ?a (!<http://e.org/x>|^!<http://e.org/x>)* ?b . ?c ?d ?e . ?f ?g ?h }',
  ],
  [
    'a text doubled until memory ends',
    `SELECT ?t29 { BIND("${'x'.repeat(64)}" AS ?t0) ${Array.from({ length: 29 }, (_, n) => `BIND(CONCAT(?t${n}, ?t${n}) AS ?t${n + 1})`).join(' ')} }`,
  ],
  ['a huge result', 'SELECT * { ?a <http://e.org/n> ?c . ?d <http://e.org/n> ?f FILTER(?c < 90) }'],
])('%s is cut off with a clear error, and the server answers meanwhile', async (_name, query) => {
  let answered = 0
  let done = false
  const watching = (async () => {
    while (!done) {
      const { status, body } = await server.search(await jpeg(1))
      expect([status, body.results[0]!.image_uri]).toEqual([200, 'http://example.org/1'])
      if (!done) answered++
      await setTimeout(50)
    }
  })()
  const response = await ask(query)
  const problem = (await response.json()) as { code: string; detail: string }
  done = true
  await watching
  expect([response.status, problem.code]).toEqual([422, 'query_too_heavy'])
  expect(problem.detail).toMatch(/LIMIT|name more/)
  expect(answered).toBeGreaterThan(0)
  await isCount(3000)
})

test('a heavy update is cut off and leaves nothing', async () => {
  const response = await post(
    '/api/kg/update',
    'application/sparql-update',
    `INSERT DATA { <http://e.org/first> <http://e.org/n> 1 };
     INSERT { ?a <http://e.org/m> ?f } WHERE { ?a ?b ?c . ?d ?e ?f }`,
  )
  expect(response.status).toBe(422)
  await isCount(3000)
})

test('an update that fails half-way is undone', async () => {
  const response = await post(
    '/api/kg/update',
    'application/sparql-update',
    `INSERT DATA { <http://e.org/first> <http://e.org/n> 1 };
     INSERT { ?a <http://e.org/m> ?d } WHERE { ?a <http://e.org/n> ?c . ?d <http://e.org/n> ?f FILTER(?f < 50) }`,
  )
  expect(response.status).toBe(422)
  await isCount(3000)
})

test.each([
  ['metadata and description', 'x" . <http://evil.example/> <http://evil.example/p> "'],
  [
    'line breaks',
    'x"\n. } } ; DROP ALL ; INSERT DATA { <http://evil.example/a> <http://evil.example/p> "y',
  ],
  ['control characters', `\u0001\u001f\u007f\\u0022 . <http://evil.example/> a "`],
])('nothing breaks out of its value: %s', async (_name, text) => {
  const image_uri = `http://example.org/"> <http://evil.example/p> <x${text.length}`
  const fields = { image_uri, metadata: JSON.stringify({ [text]: text, name: text }) }
  const { status } = await server.index(await jpeg(text.length), fields)
  expect([200, 201]).toContain(status)
  const evil = 'ASK { { ?s <http://evil.example/p> ?o } UNION { <http://evil.example/> ?p ?o } }'
  const { body } = await getJson<{ boolean: boolean }>(
    `${server.url}/api/kg/sparql?query=${encodeURIComponent(evil)}`,
  )
  expect(body.boolean).toBe(false)
  const answer = await ask(`SELECT ?n { ?s <https://schema.org/name> ?n }`)
  const { results } = (await answer.json()) as {
    results: { bindings: { n: { value: string } }[] }
  }
  expect(results.bindings.map(({ n }) => n.value)).toContain(text)
})

test.each([
  [
    '/api/kg/sparql',
    'application/sparql-query',
    'SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }',
    400,
  ],
  ['/api/kg/update', 'application/sparql-update', 'LOAD <file:///etc/passwd>', 400],
  [
    '/api/kg/sparql',
    'application/sparql-query',
    'SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }',
    200,
  ],
  [
    '/api/kg/sparql',
    'application/sparql-query',
    'INSERT DATA { <http://e.org/x> <http://e.org/n> 1 }',
    400,
  ],
  ['/api/kg/sparql', 'application/sparql-query', `SELECT * { ${'{'.repeat(40000)}`, 400],
  ['/api/kg/sparql', 'application/sparql-query', `ASK {} #${'x'.repeat(200_000)}`, 400],
  [
    '/api/kg/import',
    'application/ld+json',
    '{"@context":"http://127.0.0.1:1/c","@id":"http://e.org/x"}',
    400,
  ],
])('%s refuses what is not done here (%s)', async (path, type, body, status) => {
  const response = await post(path, type, body)
  expect(response.status).toBe(status)
  expect(await response.text()).not.toMatch(/root:|node_modules/)
  await isCount(3000)
})
