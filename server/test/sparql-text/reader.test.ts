import { expect, test } from 'vitest'
import { checkedText } from '../../src/sparql-text/text.ts'
import { readQuery, readUpdate } from '../../src/sparql-text/reader.ts'

const graphs = { writable: 'urn:g:own', all: ['urn:g:other', 'urn:g:own'] }

test.each([
  'SELECT * { ?s ?p ?o }',
  '# 1 - 2 - 3\nASK { ?s <http://e.org/1-2-3> "1 - 2 - 3" }',
  'SELECT (1 - 2 * 3 AS ?x) { FILTER(?a = ?b - 1 || !(?c)) }',
  "CONSTRUCT { ?s ?p '''a\"b''' } WHERE { ?s (<a:b>/^<c:d>)*|!(<e:f>|^<g:h>) ?o } ORDER BY ?o LIMIT 1 OFFSET 2",
  'DESCRIBE <http://e.org/a> FROM <http://e.org/g> FROM NAMED <http://e.org/h>',
])('%s is passed on as it was given', async (text) => {
  expect((await readQuery(text)).text).toBe(text)
})

test('brackets are put where the grammar has them, and nowhere else', async () => {
  const { text } = await readQuery('SELECT (1 - 2 - 3 AS ?x) { FILTER(8/4/2 -1 -?y = 6 -6/3/2) }')
  expect(text).toBe('SELECT ((1 - 2) - 3 AS ?x) { FILTER(((8/4)/2 -1) -?y = 6 +((-6/3)/2)) }')
})

test.each([
  ['\ufeffASK {}', 'ASK {}'],
  ['ASK { <http://e.org/\\u0061\\U0001F600> ?p ?o }', 'ASK { <http://e.org/a😀> ?p ?o }'],
  ['ASK { ?s ?p "\\uD83D\\uDE00" }', 'ASK { ?s ?p "😀" }'],
  ['ASK { ?s ?p "\\u0022\\u005C\\u000A" }', 'ASK { ?s ?p "\\"\\\\\\n" }'],
  ['ASK { ?s ?p "\\\\u0041" }', 'ASK { ?s ?p "\\\\u0041" }'],
  ['ASK { ?s ?p "\\\\\\u0041" }', 'ASK { ?s ?p "\\\\A" }'],
])('%j is read as %j', async (given, expected) => {
  expect(checkedText(given)).toBe(expected)
  expect((await readQuery(given)).text).toBe(expected)
})

test.each([
  'ASK { ?s ?p "\\uD83D" }',
  'ASK { ?s ?p "\ud83d" }',
  'ASK { <http://e.org/\\u0020> ?p ?o }',
  'ASK { <http://e.org/50%> ?p ?o }',
  'ASK { <relative> ?p ?o }',
  'PREFIX e: <http://e.org/[> ASK { e:a ?p ?o }',
  'ASK { ?s ?p "open }',
  'SELECT * { ?s ?p ?o',
  'SELECT (1 - AS ?x) {}',
  'DEFINE get:soft "soft" SELECT * { ?s ?p ?o }',
  'SELECT * { << ?s ?p ?o >> ?q ?r }',
  'ASK { LATERAL { } }',
])('%j is not SPARQL 1.1', async (text) => {
  await expect(readQuery(text)).rejects.toMatchObject({
    code: expect.stringMatching(/invalid_query|query_refused/),
  })
  await expect(readUpdate(`INSERT DATA { ${text} }`, graphs)).rejects.toBeInstanceOf(Error)
})

test.each([
  ['ASK { FILTER(1 < 2 && "((((" > "[[[[{{{{") # ((((\n }', true],
  [`ASK { FILTER(${'('.repeat(45)}1${')'.repeat(45)}) }`, true],
  [`ASK { FILTER(${'('.repeat(60)}1${')'.repeat(60)}) }`, false],
  [`ASK ${'{'.repeat(60)}${'}'.repeat(60)}`, false],
  [`ASK { ?s ?p ${'[ ?p '.repeat(60)}1${']'.repeat(60)} }`, false],
  [`ASK { ?s ?p ${'<a> '.repeat(3)}"${'('.repeat(99)}" }`, true],
  [`ASK { ?s ?p """${'"("'.repeat(99)}""" }`, true],
  [`ASK { FILTER(?a <?b && ${'('.repeat(60)}?c >?d${')'.repeat(60)}) }`, false],
])('nesting is counted without strings, comments and IRIs: %s', async (text, isShallow) => {
  const outcome = await readQuery(text).then(
    () => 'taken',
    (error: { code: string; message: string }) => error.message,
  )
  expect(outcome.includes('deeper than 50')).toBe(!isShallow)
})

test('an update for another engine is confined, and means the same', async () => {
  const { text, steps } = await readUpdate(
    'PREFIX e: <http://e.org/> INSERT { ?s e:p ?x } WHERE { ?s e:n ?n BIND(?n - 1 - 1 AS ?x) } ; PREFIX f: <http://f.org/> DELETE DATA { f:a e:p 1 } ; CLEAR DEFAULT',
    graphs,
  )
  expect(text.match(/PREFIX/g)).toHaveLength(2)
  expect(text).toContain('(?n - 1) - 1')
  expect(text.match(/GRAPH <urn:g:own>/g)!.length).toBeGreaterThanOrEqual(3)
  expect(text).not.toMatch(/GRAPH <urn:g:other>/)
  expect(steps).toHaveLength(3)
})

test.each([
  'INSERT DATA { GRAPH <urn:g:other> { <a:b> <c:d> 1 } }',
  'PREFIX g: <urn:g:> INSERT DATA { GRAPH g:other { <a:b> <c:d> 1 } }',
  'INSERT DATA { <a:b> <c:d> 1 } ; DROP GRAPH <urn:g:other>',
  'CREATE GRAPH <urn:g:own>',
  'COPY <urn:g:other> TO <urn:g:own>',
  'MOVE DEFAULT TO <urn:g:own>',
  'ADD <urn:g:other> TO DEFAULT',
  'CLEAR NAMED',
  'LOAD <http://e.org/x> INTO GRAPH <urn:g:own>',
  'DELETE { GRAPH <urn:g:other> { ?s ?p ?o } } WHERE { ?s ?p ?o }',
  'DELETE WHERE { GRAPH ?g { ?s ?p ?o } }',
  'INSERT { ?s ?p ?o } WHERE { { SELECT * { SERVICE ?x { ?s ?p ?o } } } }',
])('%s is refused', async (text) => {
  await expect(readUpdate(text, graphs)).rejects.toMatchObject({ code: 'query_refused' })
})
