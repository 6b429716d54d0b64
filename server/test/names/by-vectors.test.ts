import { describe, expect, test } from 'vitest'
import { NamesByVectors } from '../../src/names/by-vectors.ts'
import { promptOf } from '../../src/names/prompts.ts'
import { wholeVocabulary } from '../../src/names/vocabulary.ts'
import { pictureVector, textVector } from '../fakes/word-vectors.ts'

const length = 384
const names = wholeVocabulary()
const unlike = (seed: string) => vectorOf(null, seed)

function vectorOf(words: string | null, seed = 'a picture'): Float32Array {
  return Float32Array.from(pictureVector(words, Buffer.from(seed), length))
}

const none = async () => {}
const recogniser = await NamesByVectors.learn(
  names,
  names.map((entry) => Float32Array.from(textVector(promptOf(entry), length))),
  Array.from({ length: 48 }, (_, at) => unlike(`meaningless ${at}`)),
  none,
)

describe('names by vectors', () => {
  test('several things, their place, light, mood and style, and the kinds of them all', () => {
    const { sentence, tags } = recogniser.recognise(
      vectorOf('duck guitar pond sunset calm watercolour'),
    )
    expect(sentence).toMatch(/^Probably: (duck, guitar|guitar, duck), pond, sunset, calm, watercolour\.$/) // prettier-ignore
    expect(tags.slice(6)).toEqual(expect.arrayContaining(['waterfowl', 'string instrument', 'water body', 'painting'])) // prettier-ignore
  })

  test('three things at most, one mood and one style', () => {
    const { sentence } = recogniser.recognise(vectorOf('lighthouse teapot guitar anchor'))
    const drawn = ['lighthouse', 'teapot', 'guitar', 'anchor']
    expect(drawn.filter((name) => sentence.includes(name))).toHaveLength(3)
    const of = (sort: string) =>
      names.filter((entry) => entry.sort === sort).map(({ name }) => name)
    const { tags } = recogniser.recognise(vectorOf('calm melancholy watercolour mosaic'))
    for (const sort of ['mood', 'style']) {
      expect(tags.filter((tag) => of(sort).includes(tag) && !['painting', 'artwork'].includes(tag))).toHaveLength(1) // prettier-ignore
    }
  })

  test('one that stands alone is told with its kind', () => {
    expect(recogniser.recognise(vectorOf('desert'))).toEqual({
      sentence: 'Probably: desert, landscape.',
      tags: ['desert', 'landscape'],
    })
  })

  test('nothing for what shows nothing, but for the one in 49 of each sort that chance is allowed', () => {
    const said = Array.from({ length: 100 }, (_, at) => recogniser.recognise(unlike(`other ${at}`)))
    expect(said.filter(({ sentence }) => sentence !== '').length).toBeLessThan(20)
  })

  test('nothing where all names are alike', async () => {
    const same = names.map(() => Float32Array.of(1, 0, 0))
    const pictures = [Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1), Float32Array.of(0, 0.6, 0.8)] // prettier-ignore
    const blind = await NamesByVectors.learn(names, same, pictures, none)
    expect(blind.recognise(Float32Array.of(0.6, 0.8, 0))).toEqual({ sentence: '', tags: [] })
  })
})
