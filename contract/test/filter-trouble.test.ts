import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyFilter } from '../src/values/filter.ts'
import { filterTrouble } from '../src/values/filter-trouble.ts'

const must = (condition: unknown) => ({ must: [condition] })

test.each([
  [must({ key: 'shot by', match: { value: 'x' } }), 'must.0.key', /double quotes/],
  [must({ key: 'taken', range: { gte: '2026-01-01' } }), 'must.0.range.gte', /must be a number/],
  [must({ key: 'taken', range: { from: 1 } }), 'must.0.range.from', /gt, gte, lt and lte/],
  [must({ key: 'n', match: { value: 5.5 } }), 'must.0.match.value', /whole number.*range/],
  [must({ key: 'n', match: { value: null } }), 'must.0.match.value', /true or false/],
  [must({ key: 'n', match: { any: [5, '5'] } }), 'must.0.match.any', /any is a list/],
  [must({ key: 'n', match: { text: 'x' } }), 'must.0.match', /knows no text/],
  [must({ key: 'n', match: 'x' }), 'must.0.match', /"value"/],
  [must({ key: 'n' }), 'must.0', /needs match or range/],
  [must({ match: { value: 1 } }), 'must.0.key', /must be a text/],
  [must({ key: 'n', match: { value: 1 }, range: {} }), 'must.0', /two conditions/],
  [must({ has_id: [1] }), 'must.0.has_id', /match, range and is_empty/],
  [must({ is_empty: { key: 'a b' } }), 'must.0.is_empty.key', /double quotes/],
  [must({ is_empty: 'a' }), 'must.0.is_empty', /"key"/],
  [must({ should: [{ key: 'a', range: { gt: true } }] }), 'must.0.should.0.range.gt', /number/],
  [{ must: { key: 'a' } }, 'must', /list of conditions/],
  [{ filter: [] }, 'filter', /must, should and must_not/],
  [[], '', /an object of must/],
  [must(7), 'must.0', /an object/],
])('%j is told precisely', (filter, path, message) => {
  const found = filterTrouble(filter)!
  expect([found.path.join('.'), found.message]).toEqual([path, expect.stringMatching(message)])
  expect(anyFilter.safeParse(filter).success).toBe(false)
})

test('what it lets through and what the schema lets through are the same', () => {
  const key = fc.constantFrom('a', 'a.b', '"a b"', 'a b', '', 'tags[]', 7)
  const scalar = fc.constantFrom('x', 1, 1.5, true, null, [], {}, 2 ** 53)
  const match = fc.oneof(
    fc.record({ value: scalar }),
    fc.record({ any: fc.array(scalar, { maxLength: 3 }) }),
    fc.record({ value: scalar, any: fc.constant([]) }),
    scalar,
  )
  const bound = fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq')
  const range = fc.oneof(fc.dictionary(bound, scalar, { maxKeys: 2 }), scalar)
  const { filter } = fc.letrec((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      fc.record({ key, match }),
      fc.record({ key, range }),
      fc.record({ key, match, range }, { requiredKeys: ['key'] }),
      fc.record({ is_empty: fc.oneof(fc.record({ key }), scalar) }),
      fc.record({ is_empty: fc.record({ key }), key }),
      scalar,
      tie('filter'),
    ),
    filter: fc.dictionary(
      fc.constantFrom('must', 'should', 'must_not', 'other'),
      fc.oneof({ maxDepth: 3 }, fc.array(tie('condition'), { maxLength: 3 }), scalar),
      { maxKeys: 3 },
    ),
  }))
  fc.assert(
    fc.property(filter, (value) => {
      expect(filterTrouble(value) === null).toBe(anyFilter.safeParse(value).success)
    }),
    { numRuns: 3000 },
  )
})
