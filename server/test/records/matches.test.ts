import { describe, expect, test } from 'vitest'
import { type Condition, filter as filterSchema } from '@lookalike/contract'
import type { Metadata } from '../../src/records/record.ts'
import { matches } from '../../src/records/matches.ts'

const document: Metadata = {
  type: 'output',
  stars: 4,
  ratio: 1.5,
  good: true,
  nothing: null,
  none: [],
  hollow: [null],
  text: '4',
  tags: ['red', 'blue', 7],
  grid: [[1, 2], [3]],
  camera: { model: 'X-1', lens: { mm: 35 } },
  parts: [{ name: 'wheel', sizes: [1, 5] }, { name: 'door' }, { name: null }],
  'shot by': { 'a.b': 'someone' },
}

const value = (key: string, wanted: string | number | boolean): Condition => ({
  key,
  match: { value: wanted },
})
const empty = (key: string): Condition => ({ is_empty: { key } })

// One row a rule: the condition, and whether the document above meets it.
describe.each<[string, Condition, boolean]>([
  ['equal strings match', value('type', 'output'), true],
  ['strings match whole and in their case', value('type', 'Output'), false],
  ['equal integers match', value('stars', 4), true],
  ['a number is not its text', value('stars', '4'), false],
  ['a text is not its number', value('text', 4), false],
  ['true is not 1', value('good', 1), false],
  ['booleans match', value('good', true), true],
  ['an integer is not a fraction', value('ratio', 1), false],
  ['a missing key never matches', value('missing', 'output'), false],
  ['null never matches', value('nothing', ''), false],
  ['any element of an array may match', value('tags', 'blue'), true],
  ['elements keep their types', value('tags', '7'), false],
  ['arrays within arrays are not looked into', value('grid', 1), false],
  ['unless the key says so', value('grid[]', 1), true],
  ['a dot leads into an object', value('camera.lens.mm', 35), true],
  ['a dot does not lead into an array', value('parts.name', 'door'), false],
  ['[] leads to every element', value('parts[].name', 'door'), true],
  ['and to the elements of their arrays', value('parts[].sizes', 5), true],
  ['[0] leads to one element', value('parts[0].name', 'wheel'), true],
  ['and to no other', value('parts[1].name', 'wheel'), false],
  ['[9] leads nowhere past the end', value('tags[9]', 'red'), false],
  ['quotes hold any name', value('"shot by"."a.b"', 'someone'), true],
  ['inherited names are no keys', empty('constructor'), true],
  ['any matches one of several', { key: 'tags', match: { any: ['green', 'red'] } }, true],
  ['any matches integers', { key: 'tags', match: { any: [6, 7] } }, true],
  ['any of nothing matches nothing', { key: 'tags', match: { any: [] } }, false],
  ['a range has inclusive ends', { key: 'stars', range: { gte: 4, lte: 4 } }, true],
  ['a range has exclusive ends', { key: 'stars', range: { gt: 4 } }, false],
  ['a range takes fractions', { key: 'ratio', range: { gt: 1.4, lt: 1.6 } }, true],
  ['a range looks at each element', { key: 'tags', range: { gte: 7 } }, true],
  ['one value must meet the whole range', { key: 'parts[].sizes', range: { gt: 1, lt: 5 } }, false],
  ['a range is not for text', { key: 'text', range: { gte: 0 } }, false],
  ['a range is not for booleans', { key: 'good', range: { gte: 0 } }, false],
  ['a range without ends takes any number', { key: 'stars', range: {} }, true],
  ['a missing key is empty', empty('missing'), true],
  ['a missing key within is empty', empty('camera.lens.f'), true],
  ['null is empty', empty('nothing'), true],
  ['[] is empty', empty('none'), true],
  ['[null] is not empty', empty('hollow'), false],
  ['a value is not empty', empty('stars'), false],
  ['an object is not empty', empty('camera'), false],
  ['one value of several is enough not to be empty', empty('parts[].name'), false],
  ['no element is empty', empty('none[].name'), true],
  ['an empty filter matches', {}, true],
  ['empty lists say nothing', { must: [], should: [], must_not: [] }, true],
  ['must needs all', { must: [value('stars', 4), value('stars', 5)] }, false],
  ['should needs one', { should: [value('stars', 5), value('stars', 4)] }, true],
  ['should needs at least one', { should: [value('stars', 5)] }, false],
  ['must_not allows none', { must_not: [value('stars', 5), value('stars', 4)] }, false],
  ['must_not passes what is missing', { must_not: [value('missing', 1)] }, true],
  ['the three hold together', { must: [value('stars', 4)], should: [empty('stars')] }, false],
  ['filters nest', { must: [{ should: [empty('stars'), { must_not: [empty('type')] }] }] }, true],
])('%s', (_, condition, expected) => {
  test(JSON.stringify(condition), () => {
    expect(filterSchema.safeParse({ must: [condition] }).success).toBe(true)
    expect(matches({ must: [condition] }, document)).toBe(expected)
    expect(matches({ must_not: [condition] }, document)).toBe(!expected)
  })
})

test.each(['', 'two words', 'a..b', '.a', 'a.', 'a[', 'a[x]', 'a]', '"a', '[0]', 'a."b'])(
  'refuses the key %j, and says how keys are written',
  (key) => {
    const filter = { must: [{ key, match: { value: 1 } }] }
    expect(filterSchema.safeParse(filter).success).toBe(false)
    expect(() => matches(filter, document)).toThrow(/is not a key.*double quotes/)
  },
)
