import { expect, test } from 'vitest'
import type { SearchResult } from '@lookalike/sdk'
import { csvOf } from '../src/features/results/csv.ts'

const result = {
  id: '1',
  image_uri: 'http://example.org/1.jpg',
  score: -0.05,
  match: null,
  found_by: 'words',
  change: null,
  description: '=HYPERLINK("http://evil.example","look")',
  tags: ['a', 'b'],
  metadata: { note: 'two\nlines' },
  width: 3,
  height: null,
  image_url: '@SUM(1)',
} as unknown as SearchResult

test('results as CSV: quoted as RFC 4180 has it, and nothing in it is a formula', () => {
  expect(csvOf([result]).split('\r\n')).toEqual([
    '\uFEFFrank,image_uri,score,match,found_by,change,description,tags,metadata,width,height,id,image_url',
    `1,http://example.org/1.jpg,-0.05,,words,,"'=HYPERLINK(""http://evil.example"",""look"")","a, b","{""note"":""two\\nlines""}",3,,1,'@SUM(1)`,
    '',
  ])
})
