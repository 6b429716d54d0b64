import { expect, test } from 'vitest'
import { termsOf } from '../../src/records/terms.ts'
import { askedPhrases } from '../../src/words/asked.ts'
import { stemOf } from '../../src/words/stem.ts'

const words = (text: string) => text.split(' ')

test.each(
  [
    'duck ducks', 'fox foxes', 'house houses', 'berry berries', 'church churches', 'mouse mice', 'child children', 'leaf leaves', 'shoe shoes',
    'glass', 'dress dresses', 'ente enten', 'katze katzen', 'fuchs füchse', 'haus häuser', 'hund hunde', 'blume blumen', 'frau frauen', 'boot boote',
    'bild bilder', 'glas gläser', 'feder federn', 'königin königinnen', 'tür türen', 'straße straßen', 'vogel vögel', 'leuchtturm leuchttürme',
  ].map(words),
)('%s has the stem of its plural', (...forms) => {
  expect(new Set(forms.map(stemOf)).size).toBe(1)
}) // prettier-ignore

test.each(
  ['car care', 'cap cape', 'plan plane', 'tow tower', 'corn corner', 'line linen', 'past paste', 'star stare'].map(words),
)('%s is another word than %s', (one, other) => {
  expect(stemOf(one!)).not.toBe(stemOf(other!))
}) // prettier-ignore

test('a question is its telling words, and what is not wanted', () => {
  const said = (text: string) => askedPhrases(text).map(({ said, wanted }) => (wanted ? '' : '-') + said)
  expect(said('A photo of the red fox in snow')).toEqual(['red', 'fox', 'snow'])
  expect(said('Fuchs ohne Schnee, nicht bei Nacht -Hund')).toEqual(['fuchs', '-schnee', '-nacht', '-hund'])
  expect(said('a picture of the')).toEqual([])
}) // prettier-ignore

test('a record has no more terms than a bound, whatever is written into it', () => {
  const text = Array.from({ length: 100_000 }, (_, at) => `word${at}`).join(' ')
  const terms = termsOf({ image_uri: `file:///${'a/'.repeat(9000)}x%ZZ.jpg`, description: text, long: 'x'.repeat(1e6) })
  expect(terms.length).toBeLessThan(500)
  expect(terms).toContain('word0')
  expect(terms).toContain('x')
}) // prettier-ignore
