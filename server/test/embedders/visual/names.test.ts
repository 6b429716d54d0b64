import { describe, expect, test } from 'vitest'
import { nearestNames, understand } from '../../../src/names/lookup.ts'
import { loadModel } from '../../../src/embedders/visual/model/learned.ts'
import { namesOf } from '../../../src/embedders/visual/names/recognise.ts'
import { networkVocabulary } from '../../../src/names/vocabulary.ts'

describe('the vocabulary', () => {
  const entries = networkVocabulary()

  test('has a line for each of the 1,000 classes and some 280 kinds, named in both languages', () => {
    expect(entries.filter(({ isKind }) => !isKind)).toHaveLength(1000)
    expect(entries.filter(({ isKind }) => isKind).length).toBeGreaterThan(250)
    for (const { english, german, classes } of entries) {
      expect(english.length).toBeGreaterThan(0)
      expect(german.length).toBeGreaterThan(0)
      expect(classes.length).toBeGreaterThan(0)
    }
  })

  test('calls no two classes the same', () => {
    const names = entries.filter(({ isKind }) => !isKind).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each([
    [0, 'tench'],
    [130, 'flamingo'],
    [281, 'tabby'],
    [388, 'giant panda'],
    [407, 'ambulance'],
    [471, 'cannon'],
    [504, 'coffee mug'],
    [655, 'miniskirt'],
    [817, 'sports car'],
    [948, 'Granny Smith'],
    [985, 'daisy'],
    [999, 'toilet tissue'],
  ])('class %i is the network’s own: %s', (index, name) => {
    expect(entries[index]!.name).toBe(name)
  })

  test('kinds reach up: a beagle is a hound, a dog, a mammal, an animal', () => {
    expect(entries[162]).toMatchObject({ name: 'beagle' })
    expect(entries[162]!.kinds).toEqual(['hound', 'dog', 'carnivore', 'mammal', 'animal'])
  })
})

describe('words', () => {
  const found = (text: string) =>
    understand(text, networkVocabulary()).asked.map(
      ({ entries, wanted }) => `${wanted ? '' : 'not '}${entries[0]!.name}`,
    )

  test.each([
    ['duck', ['duck']],
    ['Leuchtturm', ['lighthouse']],
    ['Leuchttürme', ['lighthouse']],
    ['leuchttuerme', ['lighthouse']],
    ['LIGHTHOUSES', ['lighthouse']],
    ['ducks and geese', ['duck', 'goose']],
    ['a picture of two butterflies', ['butterfly']],
    ['fire truck', ['fire engine']],
    ['hot air balloons', ['balloon']],
    ['dog not poodle', ['dog', 'not poodle']],
    ['dog -poodle', ['dog', 'not poodle']],
    ['Hunde ohne Pudel', ['dog', 'not poodle']],
    ['Häuser', ['house']],
    ['Löwen', ['lion']],
    ['elefant', ['elephant']],
    ['miniskirtt', ['miniskirt']],
    ['umbrela', ['umbrella']],
  ])('%s', (text, names) => {
    expect(found(text)).toEqual(names)
  })

  test.each(['sea horse', 'bass', 'cta'])('%s is not taken for what it only looks like', (text) => {
    expect(understand(text, networkVocabulary()).unknown.length).toBeGreaterThan(0)
  })

  test('an unknown word is named, with the nearest that are known', () => {
    expect(understand('red bird', networkVocabulary())).toMatchObject({
      asked: [{ wanted: true }],
      unknown: [{ said: 'red', wanted: true }],
    })
    expect(understand('xylofone', networkVocabulary()).unknown).toEqual([
      { said: 'xylofone', wanted: true },
    ])
    expect(nearestNames('jelyfich', networkVocabulary())).toEqual(['jellyfish'])
    expect(nearestNames('qwertz', networkVocabulary())).toEqual([])
  })
})

describe('names in descriptions', () => {
  const scores = (of: Record<number, number>) =>
    Float64Array.from({ length: 1000 }, (_, at) => of[at] ?? 0)
  const trusted = new Float32Array(networkVocabulary().length).fill(1)

  test('the most special name that is probable', () => {
    expect(namesOf(scores({ 97: 14 }), trusted)).toEqual({
      sentence: 'Probably a mallard, a duck.',
      tags: ['mallard', 'duck', 'waterfowl', 'bird', 'animal'],
    })
  })

  test('a kind where its classes are probable together only', () => {
    expect(namesOf(scores({ 151: 14, 157: 14, 187: 14 }), trusted).tags).toEqual(
      expect.arrayContaining(['dog', 'animal']),
    )
  })

  test('no name that cannot be believed, but the kind above it', () => {
    const doubted = trusted.slice()
    doubted[97] = 0.2
    expect(namesOf(scores({ 97: 14 }), doubted).tags[0]).toBe('duck')
  })

  test('what is learned of names is of this vocabulary', () => {
    expect(loadModel().trust).toHaveLength(networkVocabulary().length)
  })

  test('nothing where nothing is probable', () => {
    expect(namesOf(scores({}), trusted)).toEqual({ sentence: '', tags: [] })
  })
})
