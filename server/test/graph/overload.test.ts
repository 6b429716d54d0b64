import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ GRAPH_TIMEOUT_MS: '1500' })
  const facts = Array.from(
    { length: 3000 },
    (_, n) => `<http://e.org/${n}> <http://e.org/n> ${n} .`,
  )
  const { status } = await post('/api/kg/import', 'text/turtle', facts.join('\n'))
  expect(status).toBe(200)
})
afterAll(() => server.stop())

const post = (path: string, type: string, body: string) =>
  fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body })
const ask = (query: string) => post('/api/kg/sparql', 'application/sparql-query', query)
const isCount = async (expected: number) => {
  const response = await ask('SELECT (COUNT(*) AS ?n) { ?s <http://e.org/n> ?o }')
  expect(await response.text()).toContain(`"value":"${expected}"`)
}

const nested: Record<string, (n: number) => string> = {
  groups: (n) => `SELECT * ${'{'.repeat(n)}${'}'.repeat(n)}`,
  optionals: (n) => `SELECT * {${'OPTIONAL{'.repeat(n)}${'}'.repeat(n)}}`,
  brackets: (n) => `SELECT * {FILTER${'('.repeat(n)}1${')'.repeat(n)}}`,
  'blank nodes': (n) => `SELECT * {?a ?b ${'[?c '.repeat(n)}1${']'.repeat(n)}}`,
  lists: (n) => `SELECT * {?a ?b ${'('.repeat(n)}1${')'.repeat(n)}}`,
  paths: (n) => `SELECT * {?a ${'('.repeat(n)}<x:y>${')'.repeat(n)} ?b}`,
  subqueries: (n) => `SELECT * {${'{SELECT * {'.repeat(n)}${'}}'.repeat(n)}}`,
  calls: (n) => `SELECT (${'STR('.repeat(n)}1${')'.repeat(n)} AS ?x) {}`,
  'exists in exists': (n) => `ASK {${'FILTER EXISTS {'.repeat(n)}${'}'.repeat(n)}}`,
  'left open': (n) => `ASK ${'{ '.repeat(n)}`,
  'behind a comment that is none': (n) => `ASK { <a#b> ?p ${'('.repeat(n)}1${')'.repeat(n)} }`,
}
const long: Record<string, string> = {
  sums: `SELECT (1${'-1'.repeat(40_000)} AS ?x) {}`,
  products: `SELECT (1${'*1'.repeat(40_000)} AS ?x) {}`,
  alternatives: `ASK {FILTER(?x=1${'||?x=1'.repeat(16_000)})}`,
  signs: `SELECT (${'-'.repeat(90_000)}1 AS ?x) {}`,
  negations: `SELECT (${'!'.repeat(90_000)}1 AS ?x) {}`,
  unions: `SELECT * {{}${'UNION{}'.repeat(12_000)}}`,
  steps: `SELECT * {?a <x:y>${'/<x:y>'.repeat(15_000)} ?b}`,
  quotes: `ASK { ?s ?p ${'"'.repeat(90_000)} }`,
  angles: `ASK { FILTER(1 ${'<'.repeat(90_000)} 2) }`,
  backslashes: `ASK { ?s ?p "${'\\'.repeat(90_000)} }`,
  comments: `ASK {} ${'#'.repeat(90_000)}`,
  triples: `SELECT * {${'?a ?b ?c .'.repeat(9_000)}}`,
  prefixes: `${Array.from({ length: 5000 }, (_, n) => `PREFIX p${n}:<x:>`).join(' ')} ASK {}`,
}

async function longestPause(work: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  await work()
  delay.disable()
  return delay.max / 1e6
}

test.each(Object.entries(nested))(
  'nesting is refused before it is parsed: %s',
  async (_name, text) => {
    const pause = await longestPause(async () => {
      for (const depth of [100, 3000, 20_000]) {
        for (const [path, type, body] of [
          ['/api/kg/sparql', 'application/sparql-query', text(depth)],
          ['/api/kg/update', 'application/sparql-update', `INSERT {} WHERE { ${text(depth)} }`],
        ] as const) {
          const response = await post(path, type, body)
          const { code, detail } = (await response.json()) as { code: string; detail: string }
          expect([response.status, code]).toEqual([400, 'query_refused'])
          expect(detail).toMatch(/deeper than 50|longer than 100000/)
        }
      }
    })
    expect(pause).toBeLessThan(1000)
    await isCount(3000)
  },
)

test.each(Object.entries(long))(
  'a long text does not hold up the server: %s',
  async (_name, text) => {
    let status = 0
    const pause = await longestPause(async () => {
      const response = await ask(text)
      status = response.status
      await response.text()
    })
    expect([200, 400, 422]).toContain(status)
    expect(pause).toBeLessThan(1000)
    await isCount(3000)
  },
)

test('queries wait for their turn in a short queue, no longer than half their time', async () => {
  const heavy = 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }'
  const began = performance.now()
  const answers = await Promise.all(
    Array.from({ length: 150 }, async (_, n) => {
      const response = await ask(n === 0 ? heavy : 'ASK {}')
      return {
        status: response.status,
        retry: response.headers.get('retry-after'),
        text: await response.text(),
      }
    }),
  )
  expect(answers[0]!.status).toBe(422)
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThanOrEqual(40)
  expect(refused.every(({ retry }) => Number(retry) > 0)).toBe(true)
  expect(performance.now() - began).toBeLessThan(20_000)
  await isCount(3000)
})

test('the engine has the memory it was given, and the process goes on without it', async () => {
  const small = await startServer({ GRAPH_MEMORY_MB: '64' })
  const doubling = Array.from(
    { length: 26 },
    (_, n) => `BIND(CONCAT(?t${n}, ?t${n}) AS ?t${n + 1})`,
  )
  const before = process.memoryUsage.rss()
  const response = await fetch(`${small.url}/api/kg/sparql`, {
    method: 'POST',
    headers: { 'content-type': 'application/sparql-query' },
    body: `SELECT (STRLEN(?t26) AS ?n) { BIND("0123456789abcdef" AS ?t0) ${doubling.join(' ')} }`,
  })
  expect([response.status, await response.text()]).toEqual([
    422,
    expect.stringContaining('GRAPH_MEMORY_MB'),
  ])
  expect(process.memoryUsage.rss() - before).toBeLessThan(400e6)
  expect((await fetch(`${small.url}/api/kg/sparql?query=ASK%7B%7D`)).status).toBe(200)
  await small.stop()
})

test('documents nested out of all measure are refused, and the graph goes on', async () => {
  for (const [type, body] of [
    ['text/turtle', `<a:a> <a:b> ${'[ <a:b> '.repeat(100_000)}1${' ]'.repeat(100_000)} .`],
    ['text/turtle', `<a:a> <a:b> ${'('.repeat(100_000)}`],
    ['application/ld+json', `${'{"@id":"a:a","a:b":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['application/ld+json', '['.repeat(100_000)],
    ['application/rdf+xml', '<a>'.repeat(100_000)],
  ] as const) {
    const { status } = await post('/api/kg/import', type, body)
    expect([200, 400, 422]).toContain(status)
    await post(
      '/api/kg/update',
      'application/sparql-update',
      'DELETE { ?s <a:b> ?o } WHERE { ?s <a:b> ?o }',
    )
    await isCount(3000)
  }
})
