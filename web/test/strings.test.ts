import { expect, test } from 'vitest'
import { english } from '../src/strings/english/index.ts'
import { german } from '../src/strings/german/index.ts'

test('phrases count in the grammar and the digits of their language', () => {
  expect([0, 1, 1204].map(english.frame.pictures)).toEqual([
    '0 pictures',
    '1 picture',
    '1,204 pictures',
  ])
  expect([0, 1, 1204].map(german.frame.pictures)).toEqual(['0 Bilder', '1 Bild', '1.204 Bilder'])
  expect(german.format.score(0.8742)).toBe('0,8742')
  expect(english.format.percent(0.9994)).toBe('99%')
  expect(english.format.percent(0.9996)).toBe('100%')
})

test('no phrase was left in English', () => {
  const same = ['', 'Graph', 'Code', 'Details', 'Status', 'Server', 'API-Schlüssel']
  const phrases = (words: object): string[] =>
    Object.values(words).flatMap((value: unknown) => {
      if (typeof value === 'string') return [value]
      return typeof value === 'object' && value !== null ? phrases(value) : []
    })
  const inEnglish = new Set(phrases(english))
  expect(
    phrases(german).filter((phrase) => inEnglish.has(phrase) && !same.includes(phrase)),
  ).toEqual([])
})
