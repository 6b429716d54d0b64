import oxigraph from 'oxigraph'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSparqlEndpoint } from '../fakes/sparql-endpoint.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** Worked out by hand, or known from the definition of a function; never asked of an engine. */
const values: [expression: string, value: string][] = [
  ['10 - 2 - 3', '5'],
  ['6 - 3 + 2', '5'],
  ['6 + 3 - 2 + 1', '8'],
  ['100 / 10 / 5', '2'],
  ['8 / 4 * 2', '4'],
  ['8 * 4 / 2', '16'],
  ['1 - 2 * 3 - 4', '-9'],
  ['1 - 6 / 3 / 2 - 1', '-1'],
  ['5 -3 -1', '1'],
  ['5-3-1', '1'],
  ['5 +3 -1 +2', '9'],
  ['10 -6/3/2', '9'],
  ['10 -6 /3*2 -1', '5'],
  ['10 +6/3/2*4 -1', '13'],
  ['10 - -6/3/2', '11'],
  ['-1 -1 -1', '-3'],
  ['- (1) - 1 - 1', '-3'],
  ['(10 - 2) - 3', '5'],
  ['10 - (2 - 3)', '11'],
  ['10 - (2 - 3 - 4) - 1', '14'],
  ['100 / (10 / 5) / 2', '25'],
  ['2 * 3 + 4', '10'],
  ['2 + 3 * 4', '14'],
  ['2 * (3 + 4) * 2 - 1 - 1', '26'],
  ['10 # one\n - 2 # two - 100\n - 3', '5'],
  ['10 # (\n -2 # )\n -3', '5'],
  ['1.5 - 0.25 - 0.25', '1'],
  ['9 - 1e0 - 2 = 6', 'true'],
  ['10 - 2 - 3 = 5 && 8 / 4 / 2 = 1', 'true'],
  ['10 - 2 - 3 < 6 || false && false', 'true'],
  ['!(10 - 2 - 3 = 11)', 'true'],
  ['! true || true', 'true'],
  ['! false && false', 'false'],
  ['true || true && false', 'true'],
  ['(true || true) && false', 'false'],
  ['false && true || true', 'true'],
  ['1 + 1 = 2', 'true'],
  ['3 - 1 - 1 != 1', 'false'],
  ['3 - 1 - 1 <= 1 && 3 - 1 - 1 >= 1', 'true'],
  ['10 - 2 - 3 > 4', 'true'],
  ['10 - 2 - 3 IN (11, 5)', 'true'],
  ['10 - 2 - 3 NOT IN (11, 1 + 1 + 2)', 'true'],
  ['5 IN (10 - 2 - 3)', 'true'],
  ['IF(10 - 2 - 3 = 5, 7 - 1 - 1, 0)', '5'],
  ['COALESCE(1/0, 9 - 3 - 3)', '3'],
  ['ABS(1 - 2 - 3)', '4'],
  ['STRLEN("abc") - 1 - 1', '1'],
  ['SUBSTR("abcdef", 5 - 1 - 2, 6 - 2 - 2)', 'bc'],
  ['CONCAT(STR(9 - 3 - 3), " - 1 - 1")', '3 - 1 - 1'],
  ['"10 - 2 - 3"', '10 - 2 - 3'],
  ["'''a\n- \"1 - 2 - 3''' ", '"a\n- ""1 - 2 - 3"'],
  ['<http://www.w3.org/2001/XMLSchema#integer>("9") - 1 - 1', '7'],
  ['REPLACE("a-b-c", "-", "/")', 'a/b/c'],
  ['ROUND(7.0 / 2.0 / 2.0)', '2'],
  ['YEAR("2026-01-02T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>) - 26 - 1000', '1000'],
  ['EXISTS { FILTER(3 - 1 - 1 = 1) }', 'true'],
  ['NOT EXISTS { FILTER(3 - 1 - 1 = 3) }', 'true'],
  ['"\\u0041\\U00000042\\u0022"', '"AB"""'],
  ['"\\\\u0041"', '\\u0041'],
]

/** Parts of queries that hold expressions, over ?s <http://e.org/n> 1 to 6 and a chain <http://e.org/next>. */
const clauses: [query: string, rows: string[]][] = [
  ['SELECT ?n { ?s e:n ?n FILTER(?n - 1 - 1 = 1) }', ['3']],
  ['SELECT ?m { ?s e:n ?n BIND(?n * 4 / 2 * 3 AS ?m) } ORDER BY ?m LIMIT 2', ['6', '12']],
  ['SELECT ?n { ?s e:n ?n } ORDER BY DESC(0 - ?n - ?n) LIMIT 2', ['1', '2']],
  ['SELECT ?g { ?s e:n ?n } GROUP BY (?n - 1 - ?n AS ?g)', ['-1']],
  ['SELECT (SUM(?n) - 1 - 1 AS ?x) { ?s e:n ?n }', ['19']],
  ['SELECT (SUM(?n - 1 - 1) AS ?x) (COUNT(*) - 1 - 1 AS ?y) { ?s e:n ?n }', ['9,4']],
  ['SELECT (MAX(?n)-MIN(?n)-1 AS ?x) (AVG(?n) AS ?y) { ?s e:n ?n }', ['4,3.5']],
  [
    'SELECT ?o (COUNT(?s) AS ?c) { ?s e:n ?n BIND(?n > 3 AS ?o) } GROUP BY ?o HAVING(COUNT(?s) - 1 - 1 = 1) ORDER BY ?o',
    ['false,3', 'true,3'],
  ],
  [
    'SELECT (GROUP_CONCAT(STR(?n); SEPARATOR=" - 1 - ") AS ?x) { { SELECT ?n { ?s e:n ?n } ORDER BY ?n LIMIT 2 } }',
    ['1 - 1 - 2'],
  ],
  ['SELECT ?n { VALUES ?m { 5 -3 -1 } ?s e:n ?n FILTER(?n - 1 - ?m = 0) }', ['6']],
  ['SELECT ?n { ?s e:n ?n } ORDER BY ?n VALUES ?n { 2 +4 }', ['2', '4']],
  ['SELECT ?n { e:1 e:next/e:next/e:n ?n }', ['3']],
  ['SELECT ?n { e:4 ^e:next/^e:next/e:n ?n }', ['2']],
  ['SELECT ?n { e:4 (e:next|^e:next)/e:n ?n } ORDER BY ?n', ['3', '5']],
  ['SELECT ?n { e:5 e:next*/e:n ?n } ORDER BY ?n', ['5', '6']],
  ['SELECT ?n { e:4 (e:next+|^e:next)/e:n ?n } ORDER BY ?n', ['3', '5', '6']],
  ['SELECT ?n { e:6 e:next?/e:n ?n }', ['6']],
  ['SELECT ?o { e:6 !(e:n|^e:n) ?o }', ['http://e.org/5']],
  ['SELECT ?n { ?s e:n ?n MINUS { ?s e:n ?n FILTER(?n - 1 - 1 > 0) } } ORDER BY ?n', ['1', '2']],
  ['SELECT ?m { e:6 e:n ?n OPTIONAL { e:1 e:n ?m FILTER(?n - 3 - 2 = ?m) } }', ['1']],
  [
    'SELECT ?n { { ?s e:n ?n FILTER(?n-1-1=0) } UNION { ?s e:n ?n FILTER(?n-1-1=4) } } ORDER BY ?n',
    ['2', '6'],
  ],
  [
    'SELECT ?n { ?s e:n ?n FILTER EXISTS { ?s e:next ?t . ?t e:n ?m FILTER(?m - 1 - 1 = 0) } }',
    ['1'],
  ],
  ['SELECT ?x { { SELECT (MAX(?n) - 1 - 1 AS ?x) { ?s e:n ?n } } }', ['4']],
  ['SELECT DISTINCT (?n - ?n - 1 AS ?x) FROM <urn:lookalike:graph:people> { ?s e:n ?n }', ['-1']],
]

const people = 'urn:lookalike:graph:people'
const prologue = 'PREFIX e: <http://e.org/> '

describe.each(['embedded', 'sparql'])('GRAPH=%s', (driver) => {
  let server: TestServer
  let endpoint: Awaited<ReturnType<typeof startSparqlEndpoint>> | undefined
  beforeAll(async () => {
    endpoint = driver === 'sparql' ? await startSparqlEndpoint() : undefined
    server = await startServer({
      GRAPH: driver,
      GRAPH_TIMEOUT_MS: '60000',
      ...(endpoint && { SPARQL_ENDPOINT: endpoint.url }),
    })
    const facts = [1, 2, 3, 4, 5, 6].map((n) => `e:${n} e:n ${n} . `).join('')
    const chain = [1, 2, 3, 4, 5].map((n) => `e:${n} e:next e:${n + 1} . `).join('')
    await update(`${prologue} INSERT DATA { ${facts} ${chain} }`)
  })
  afterAll(async () => {
    await server.stop()
    await endpoint?.stop()
  })

  async function update(text: string) {
    const response = await fetch(`${server.url}/api/kg/update`, {
      method: 'POST',
      headers: { 'content-type': 'application/sparql-update' },
      body: text,
    })
    expect([response.status, response.ok ? '' : await response.text()]).toEqual([204, ''])
  }

  async function rows(text: string): Promise<string[]> {
    const response = await fetch(`${server.url}/api/kg/sparql`, {
      method: 'POST',
      headers: { 'content-type': 'application/sparql-query', accept: 'text/csv' },
      body: text,
    })
    const body = await response.text()
    expect([response.status, response.ok ? '' : body]).toEqual([200, ''])
    return body.trimEnd().split('\r\n').slice(1)
  }
  const kept = 'SELECT ?x { GRAPH <urn:lookalike:graph:people> { <http://e.org/result> ?p ?x } }'
  const clear = 'DELETE WHERE { <http://e.org/result> ?p ?x }'

  test.each(values)('%s is %s in a query', async (expression, value) => {
    expect((await rows(`SELECT (${expression} AS ?x) {}`)).join('\r\n')).toBe(value)
  })

  test.each(values)('%s is %s in an update', async (expression, value) => {
    await update(
      `INSERT { <http://e.org/result> <http://e.org/is> ?x } WHERE { BIND(${expression} AS ?x) }`,
    )
    const is = await rows(kept)
    await update(clear)
    expect(is.join('\r\n')).toBe(value)
  })

  test.each(clauses)('%s', async (query, expected) => {
    expect(await rows(prologue + query)).toEqual(expected)
    // The same as part of an update: a row is a statement.
    const isTable = expected.some((row) => row.includes(','))
    if (isTable || / FROM /.test(query)) return
    const [, name] = /\?(\w+)/.exec(
      query.replace(/^SELECT (DISTINCT )?\(.* AS (?=\?\w+\) )/, 'SELECT '),
    )!
    await update(
      `${prologue} INSERT { <http://e.org/result> e:is ?${name} } WHERE { { ${query} } }`,
    )
    const stated = await rows(kept)
    await update(clear)
    expect(stated.toSorted()).toEqual([...new Set(expected)].toSorted())
  })

  test('sums and products of any shape are what arithmetic says', async () => {
    let seed = 20261126
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below
    for (let round = 0; round < 25; round++) {
      const expressions = Array.from({ length: 8 }, () => anyExpression(4, random))
      const select = expressions.map(({ text }, n) => `(${text} AS ?x${n})`).join(' ')
      expect(await rows(`SELECT ${select} {}`)).toEqual([expressions.map(({ is }) => is).join(',')])
    }
  })

  test('each operation of an update has its own graphs, prefixes and changes', async () => {
    await update(`PREFIX x: <http://one.org/> INSERT DATA { x:a x:b 1, 2 . GRAPH <${people}> { x:a x:c [ x:d (1 2) ] . } } ;
      PREFIX x2: <http://two.org/> PREFIX g: <urn:lookalike:graph:>
      INSERT { GRAPH g:people { x2:a x2:b ?v } . x2:a x2:c "; } INSERT DATA {" } WHERE { <http://one.org/a> <http://one.org/b> ?v FILTER(?v - 1 - 1 = 0) } ;
      WITH g:people DELETE { ?s <http://one.org/b> ?v } INSERT { ?s <http://one.org/sum> ?w }
      USING NAMED g:people WHERE { GRAPH g:people { ?s <http://one.org/b> ?v BIND(?v * 10 / 2 / 5 AS ?w) } } ;`)
    expect(await rows('SELECT ?v { <http://two.org/a> ?p ?v } ORDER BY ?v')).toEqual([
      '2',
      '; } INSERT DATA {',
    ])
    expect(await rows('SELECT ?v { <http://one.org/a> <http://one.org/b> ?v }')).toEqual([])
    expect(
      await rows('SELECT ?v { <http://one.org/a> <http://one.org/sum> ?v } ORDER BY ?v'),
    ).toEqual(['1', '2'])
    await update(
      'PREFIX x: <http://one.org/> DELETE WHERE { x:a x:c ?b . ?b x:d ?l } ; DELETE WHERE { <http://two.org/a> ?p ?o }',
    )
    expect(await rows('SELECT ?v { <http://two.org/a> ?p ?v }')).toEqual([])
    await update('DELETE DATA { <http://one.org/a> <http://one.org/sum> 1.0 }')
    expect(await rows('SELECT ?v { <http://one.org/a> <http://one.org/sum> ?v }')).toEqual(['2'])
    await update('') // nothing to do is no mistake
    await update('INSERT {} WHERE {}')
  })
})

interface Sum {
  text: string
  is: number
}

/** Sums and products with and without brackets and spaces; the right side of what follows is never ambiguous. */
function anyExpression(depth: number, random: (below: number) => number): Sum {
  const space = () => ['', ' ', '\n', ' # -1\n'][random(4)]!
  let sum = anyProduct(depth, random)
  for (let more = random(4); more > 0; more--) {
    const next = anyProduct(depth, random)
    const isMinus = random(2) === 0
    const text = `${sum.text}${space()}${isMinus ? '-' : '+'}${space()}${next.text}`
    sum = { text, is: isMinus ? sum.is - next.is : sum.is + next.is }
  }
  return sum
}

function anyProduct(depth: number, random: (below: number) => number): Sum {
  let product = anyOperand(depth, random)
  for (let more = random(3); more > 0; more--) {
    const next = anyOperand(depth, random)
    product = { text: `${product.text}*${next.text}`, is: product.is * next.is }
  }
  return product
}

function anyOperand(depth: number, random: (below: number) => number): Sum {
  if (depth > 0 && random(3) === 0) {
    const { text, is } = anyExpression(depth - 2, random)
    return { text: `(${text})`, is }
  }
  const number = 1 + random(6)
  return { text: String(number), is: number }
}

test('the engine is what takes operators from the right, so that this is not tested in vain', () => {
  const rows = new oxigraph.Store().query('SELECT (10 - 2 - 3 AS ?x) {}') as Map<
    string,
    { value: string }
  >[]
  expect(rows[0]!.get('x')!.value).toBe('11')
})
