import oxigraph from 'oxigraph'
import { expect, test } from 'vitest'
import { isIri } from '../../src/sparql-text/iri.ts'

function engineTakes(iri: string): boolean {
  try {
    const format = 'application/n-triples'
    new oxigraph.Store().load(`<${iri}> <a:b> "c" .`, { format })
    return true
  } catch {
    return false
  }
}

test.each([
  ['https://e.org/100%.jpg', false],
  ['https://e.org/100%25.jpg', true],
  ['https://e.org/%zz', false],
  ['https://e.org/a[1].jpg', false],
  ['https://e.org/?id[]=3', false],
  ['https://e.org/a#b#c', false],
  ['https://e.org/a#b', true],
  ['https://e.org/with space', false],
  ['https://e.org/tab\tand\nline', false],
  ['https://e.org/\u0000', false],
  ['https://e.org/\u007f', false],
  ['https://e.org/\ud83d', false],
  ['https://e.org/😀/é/日本', true],
  ['https://e.org/\ue000', false],
  ['https://e.org/?\ue000', true],
  ['https://e.org/\uffff', false],
  ['https://e.org/{a}|b^`"<>\\', false],
  ["https://e.org/!$&'()*+,;=:@-._~", true],
  ['https://ann:secret@e.org:8080/x?y#z', true],
  ['https://[::1]/x', true],
  ['https://[fe80::1%25en0]/x', false],
  ['https://[nowhere]/x', false],
  ['https://e.org:port/x', false],
  ['urn:isbn:0451450523', true],
  ['urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66', true],
  ['file:///home/ann/a.jpg', true],
  ['C:\\pictures\\a.jpg', false],
  ['/pictures/a.jpg', false],
  ['pictures', false],
  ['1a:b', false],
  ['s3://bucket/50%.jpg', false],
  ['', false],
])('%j is an IRI: %s', (text, expected) => {
  expect(isIri(text)).toBe(expected)
})

test('what is one is what the engine takes for one, whatever it is made of', () => {
  let seed = 3987
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below
  const parts =
    ':,/,//,?,#,[,],@,%,%41,%4,a,http,1,::1,é,.,-,_,v1.,80,~,!,\u00a0,\ue000,\u{f0000},\u{1fffe},😀'
      .split(',')
      .concat('a://', 'a://[', 'urn:')
  for (let round = 0; round < 20_000; round++) {
    const iri = Array.from({ length: 1 + random(8) }, () => parts[random(parts.length)]).join('')
    expect([iri, isIri(iri)]).toEqual([iri, engineTakes(iri)])
  }
})
