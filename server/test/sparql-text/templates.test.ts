import { Store } from 'oxigraph'
import { expect, test } from 'vitest'
import { readUpdate } from '../../src/sparql-text/reader.ts'

const writable = 'urn:g:writable'
const graphs = { writable, all: [writable] }
const prefixes = 'PREFIX : <urn:x:>'

/** Triples in every form that the grammar of templates has, with and without a full stop at the end. */
const blocks = [
  ':a :p 1',
  ':a :p 1 .',
  ':a :p 1 . :b :q 2',
  ':a :p 1 . :b :q 2 . :c :r 3 .',
  ':a :p 1 . :b :q "a } . { b"',
  ':a :p 1 ; :q 2 , 3 . :b :q :c',
  ':a :p 1 ; :q 2 ; . :b :q :c ;',
  ':a :p ( 1 2 ( 3 ) ) . :b :q [ :r 3 ; :s ( "x" ) ] . [ :u 4 ] :v 5',
  '[ :u 4 ] :v 5 . ( 1 ) :p 2 . :a :p [ ]',
  ':a :p """x . } "quoted" """ . :b :q \'y\'@de . :c :r "1"^^:t',
  ':a a :b . # a comment . }\n :c a :d # the end',
  '_:x :p _:y . _:y :q _:x',
  ':a :p -1 . :b :p 1.5e3 . :c :p true',
]

/** An update, and what it means to an engine whose default graph is the writable one. */
const forms: ((block: string) => [string, string])[] = [
  (block) => [`INSERT DATA { ${block} }`, `INSERT DATA { ${block} }`],
  (block) => [`INSERT DATA { GRAPH <${writable}> { ${block} } }`, `INSERT DATA { ${block} }`],
  (block) => [
    `INSERT DATA { :z :z 0 . GRAPH <${writable}> { ${block} } :y :y 0 . :x :x 0 }`,
    `INSERT DATA { :z :z 0 . :y :y 0 . :x :x 0 } ; INSERT DATA { ${block} }`,
  ],
  (block) => [
    `INSERT { ${block} } WHERE { BIND(1 AS ?one) }`,
    `INSERT { ${block} } WHERE { BIND(1 AS ?one) }`,
  ],
  (block) => [
    `INSERT { GRAPH <${writable}> { ${block} } :y :y 0 } WHERE { }`,
    `INSERT { ${block} } WHERE { } ; INSERT DATA { :y :y 0 }`,
  ],
]
const inserted = blocks.flatMap((block) => forms.map((form) => form(`${block}\n`)))

const changed = [
  'DELETE { ?s :p ?o . ?s :q ?z } INSERT { ?s :n ?o . ?o :m ?s . ?s :k "}" } WHERE { ?s :p ?o ; :q ?z }',
  'DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(isNumeric(?o)) }',
  'DELETE WHERE { ?s :p ?o . ?s :q ?z }',
  'DELETE WHERE { ?s :p ?o . ?s :q ?z . }',
  'DELETE DATA { :a :p 1 . :b :q 2 . :a :q 7 }',
  'DELETE DATA { :a :p 1 } ; INSERT DATA { :a :p 2 . :a :p 3 }',
  'INSERT { ?o :of ?s . ?s :has ?o } WHERE { ?s :p ?o . ?s :q ?z }',
].map((update) => [update, update] as const)

const before = ':a :p 1 ; :q 7 . :b :q 2 ; :p 9 . :c :r "keep"'

/** Every statement after the updates; blank nodes have no names that could be compared. */
function statementsAfter(...updates: string[]): string[] {
  const store = new Store()
  for (const update of updates) store.update(update)
  const named = (term: unknown) => String(term).replace(/^_:.*/, '_:')
  return Array.from(store.match(null, null, null), ({ subject, predicate, object }) =>
    [subject, predicate, object].map(named).join(' '),
  ).toSorted()
}

test.each([...inserted, ...changed])('%s loses nothing and adds nothing', async (update, meant) => {
  const { text } = await readUpdate(`${prefixes} ${update}`, graphs)
  const inWritable = `${prefixes} INSERT DATA { GRAPH <${writable}> { ${before} } }`
  expect(statementsAfter(inWritable, text)).toEqual(
    statementsAfter(`${prefixes} INSERT DATA { ${before} }`, `${prefixes} ${meant}`),
  )
})
