import { describe, expect, test } from 'vitest'
import { folded } from '../../src/names/spelling.ts'
import { networkVocabulary, sorts, wholeVocabulary } from '../../src/names/vocabulary.ts'

const ofNetwork = networkVocabulary()
const whole = wholeVocabulary()
const builtIn = new Set(ofNetwork.map(({ name }) => name))
const further = whole.filter(({ name }) => !builtIn.has(name))

describe('the names beyond those of the built-in eye', () => {
  test('are more than 1,500, of every sort, beside kinds of their own', () => {
    const count = (sort: string) =>
      further.filter((entry) => entry.sort === sort && !entry.isKind).length
    expect(further.filter(({ isKind }) => !isKind).length).toBeGreaterThan(1500)
    expect(Object.fromEntries(sorts.map((sort) => [sort, count(sort) >= 40]))).toEqual(
      Object.fromEntries(sorts.map((sort) => [sort, true])),
    )
    expect(whole.filter(({ isKind, classes }) => isKind && classes.length < 2)).toEqual([])
  })

  test.each(['english', 'german'] as const)('are new, and no two the same, in %s', (language) => {
    const names = (entries: typeof whole) =>
      entries.flatMap((entry) => entry[language].map((name) => folded(name)))
    const known = new Set(names(ofNetwork))
    const added = names(further)
    expect(added.filter((name) => known.has(name))).toEqual([])
    expect(added.filter((name, at) => added.indexOf(name) !== at)).toEqual([])
  })

  test('are named in both languages, and written as names are', () => {
    for (const { name, english, german } of further) {
      expect(english[0]).toBe(name)
      expect(german.length, name).toBeGreaterThan(0)
      for (const each of [...english, ...german]) {
        expect(each).toMatch(/^[\p{L}\d][\p{L}\d .’'()-]*$/u)
      }
      // German nouns have a capital letter, and so have all names here, adjectives as sentences begin.
      for (const each of german) expect(each).toMatch(/^[\p{Lu}\d]/u)
    }
  })
})

test('kinds reach up across both lists, and are classes as well', () => {
  const find = (name: string) => whole.find((entry) => entry.name === name)!
  expect(find('duckling').kinds).toEqual(['bird', 'animal'])
  expect(find('pond')).toMatchObject({ sort: 'scene', kinds: ['water body', 'landscape'] })
  expect(find('oak').kinds).toEqual(['tree', 'plant'])
  const duck = find('duck')
  expect(duck.classes[0]).toBe(whole.indexOf(duck))
  expect(find('animal').classes).toEqual(
    expect.arrayContaining([whole.indexOf(duck), whole.indexOf(find('mallard'))]),
  )
})
