import type { Filter } from '@lookalike/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  askedBy,
  asksSomething,
  formatQuestion,
  noQuestion,
  parseQuestion,
} from '../src/address/question.ts'

const filter: Filter = { must: [{ key: 'a&b', match: { value: 'é #?=+ "' } }] }
const trimmed = fc.string({ maxLength: 90 }).map((text) => text.trim())
const questions = fc.record({
  words: trimmed,
  like: trimmed,
  picture: trimmed,
  filter: fc.constantFrom(null, filter),
  order: fc.constantFrom('newest' as const, 'oldest' as const),
  colours: trimmed,
  limit: fc.integer({ min: 1, max: 100 }),
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
    expect(formatQuestion({ ...noQuestion, words: 'red fox', minimum: 0.5 })).toBe(
      '?q=red+fox&min=0.5',
    )
  })

  test('asks the same whatever part of the answer is shown', () => {
    const fox = parseQuestion('?q=fox')
    expect(askedBy({ ...fox, limit: 3, minimum: 0.7, show: 'x' })).toBe(askedBy(fox))
    expect(askedBy({ ...fox, filter: {} })).not.toBe(askedBy(fox))
    expect(asksSomething(fox)).toBe(true)
    expect(asksSomething(parseQuestion('?limit=3'))).toBe(false)
  })
})
