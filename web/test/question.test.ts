import type { Filter } from '@lookalike/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askedBy, formatQuestion, noQuestion, parseQuestion } from '../src/address/question.ts'
import {
  asksSomething,
  keyOf,
  withoutPart,
  withPart,
  withWords,
  wordsOf,
  type Part,
} from '../src/address/parts.ts'

const filter: Filter = { must: [{ key: 'a&b', match: { value: 'é #?=+ "' } }] }
const trimmed = fc.string({ maxLength: 90 }).map((text) => text.trim())
const named = trimmed.filter((text) => text !== '')
const part = fc.oneof(
  fc.record({ kind: fc.constant('words' as const), value: named, less: fc.boolean() }),
  fc.record({ kind: fc.constant('stored' as const), value: fc.uuid(), less: fc.boolean() }),
  fc.record({ kind: fc.constant('picture' as const), value: named, less: fc.boolean() }),
)
const questions = fc.record({
  parts: fc.uniqueArray(part, { maxLength: 10, selector: keyOf }),
  sort: fc.constantFrom(
    null,
    { key: 'album.year', order: 'asc' as const },
    { key: '"-a b"', order: 'desc' as const },
  ),
  all: fc.boolean(),
  group: trimmed,
  filter: fc.constantFrom(null, filter),
  order: fc.constantFrom('newest' as const, 'oldest' as const),
  colours: trimmed,
  right: trimmed,
  wrong: trimmed,
  limit: fc.integer({ min: 1, max: 1100 }),
  minimum: fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
  show: trimmed,
})

describe('the address of a search', () => {
  test('is read as the question that it was written of', () => {
    fc.assert(
      fc.property(questions, (question) => {
        expect(parseQuestion(formatQuestion(question))).toEqual(question)
      }),
    )
  })

  test('can be anything: what it says wrongly is as usual', () => {
    fc.assert(
      fc.property(fc.string(), (search) => {
        const question = parseQuestion(search)
        expect(parseQuestion(formatQuestion(question))).toEqual(question)
      }),
    )
    for (const wrong of [
      'order=x',
      'limit=0',
      'limit=x',
      'limit=1101',
      'q=+',
      'unlike=',
      'sort=',
      'limit=',
      'min=2',
      'min=NaN',
      'filter=[',
      'filter=1',
      'filter=[]',
    ]) {
      expect(parseQuestion(`?${wrong}`), wrong).toEqual(noQuestion)
    }
  })

  test('is short where all is as usual, and says the rest in plain words', () => {
    expect(formatQuestion(noQuestion)).toBe('')
    expect(formatQuestion({ ...noQuestion, parts: withWords([], 'red fox'), minimum: 0.5 })).toBe(
      '?q=red+fox&min=0.5',
    )
  })

  test('asks the same whatever part of the answer is shown', () => {
    const fox = parseQuestion('?q=fox')
    expect(askedBy({ ...fox, limit: 3, minimum: 0.7, show: 'x' })).toBe(askedBy(fox))
    expect(askedBy({ ...fox, filter: {} })).not.toBe(askedBy(fox))
    expect(askedBy({ ...fox, group: 'album' })).not.toBe(askedBy(fox))
    expect(asksSomething(fox.parts)).toBe(true)
    expect(asksSomething(parseQuestion('?limit=3').parts)).toBe(false)
    expect(asksSomething(parseQuestion('?not=fox').parts)).toBe(false)
  })

  test('names what is asked for in the order in which it was put together', () => {
    const id = '41e3b591-a498-9bb8-d461-dd36310a0e13'
    const address = `?like=${id}&q=fox&unlike=${'0'.repeat(64)}&not=snow&unlike=${id.replace('4', '5')}`
    const { parts } = parseQuestion(address)
    expect(parts.map(({ kind, less }) => [kind, less])).toEqual([
      ['stored', false],
      ['words', false],
      ['picture', true],
      ['words', true],
      ['stored', true],
    ])
    expect(formatQuestion({ ...noQuestion, parts })).toBe(address)
  })
})

describe('the parts of a question', () => {
  const words = (value: string, less = false): Part => ({ kind: 'words', value, less })
  const stored = (value: string, less = false): Part => ({ kind: 'stored', value, less })

  test('are each there once, with the sign they were given last, and ten at most', () => {
    const parts = withPart(withPart([stored('a')], stored('b')), stored('a', true))
    expect(parts).toEqual([stored('a', true), stored('b')])
    expect(withoutPart(parts, stored('a'))).toEqual([stored('b')])
    const many = Array.from({ length: 12 }, (_, at) => stored(`${at}`))
    expect(many.reduce<Part[]>((all, each) => withPart(all, each), [])).toHaveLength(10)
  })

  test('have other words in the place of those before, and keep what is not wanted', () => {
    const parts = [words('snow', true), words('fox'), stored('a')]
    expect(withWords(parts, ' owl ')).toEqual([words('snow', true), words('owl'), stored('a')])
    expect(withWords(parts, '')).toEqual([words('snow', true), stored('a')])
    expect(withWords([stored('a')], 'owl')).toEqual([stored('a'), words('owl')])
    expect(wordsOf(withWords(parts, 'owl'))).toBe('owl')
    // What was not wanted is wanted now.
    expect(withWords(parts, 'snow').filter(({ value }) => value === 'snow')).toHaveLength(1)
  })
})
