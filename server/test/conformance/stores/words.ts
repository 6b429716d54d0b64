import { expect, test } from 'vitest'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import type { WordsCondition } from '../../../src/records/filter.ts'
import { withBeginnings, withBeginningsAnywhere, withWords } from '../../../src/records/terms.ts'
import { allWords } from '../../../src/words/asked.ts'
import { leaning, record } from './fixtures.ts'

const isNamed = (text: string) => withWords(allWords(text).map((word) => [[word]]))
const begins = (text: string) => withBeginnings(allWords(text).map((word) => [[word]]))
const anywhere = (text: string) => withBeginningsAnywhere(allWords(text))

/** The part of the store contract that is about the words of records. */
export function describeWords(store: () => ImageStore): void {
  const all = [
    record('a', { description: 'A bright yellow duck, on a calm pond.', vector: leaning(0, 0.2) }),
    record('b', { tags: ['mallard', 'duck'], description: '', vector: leaning(0, 0.1) }),
    record('c', { metadata: { keywords: ['Füchse', { place: 'Köln' }], year: 1999 } }),
    record('d', { imageUri: 'https://example.org/ducks/2024%20Harz/Fox_%C3%A9t%C3%A9-7.jpg?v=1' }),
    record('e', { description: 'Ducklings in the grass. 赤い鳥', metadata: { at: 'https://a.org/duck' } }),
    record('f', { description: 'Häuser "am" see* -- AND OR NOT (x)', metadata: { description: 'Wal' } }),
  ] // prettier-ignore
  const byId = new Map(all.map(({ id }, at) => [id, 'abcdef'[at]!]))
  const listed = async (condition: WordsCondition) => {
    const filter = { must: [condition] }
    const { records } = await store().list({ limit: 10, filter })
    expect(await store().count(filter)).toBe(records.length)
    return records.map(({ id }) => byId.get(id)).sort().join('') // prettier-ignore
  }

  test('stand in descriptions, tags, metadata and the name of the file', async () => {
    await store().upsert(all)
    for (const [text, found] of [
      ['duck', 'ab'], ['DUCKS', 'ab'], ['yellow duck', 'a'], ['duck mallard', 'b'], ['duck owl', ''],
      ['Fuchs', 'c'], ['fuchse', 'c'], ['koln 1999', 'c'], ['fox', 'd'], ['ete 7', 'd'], ['harz', ''],
      ['duckling', 'e'], ['鳥', 'e'], ['Haus', 'f'], ['häuser see', 'f'], ['wal', 'f'], ['or', 'f'], ['du', ''],
    ] as const) expect([text, await listed(isNamed(text))]).toEqual([text, found]) // prettier-ignore
  })

  test('are found by how they begin, and where the file lies', async () => {
    await store().upsert(all)
    for (const [text, found] of [['duck', 'abe'], ['yell du', 'a'], ['ucks', ''], ['ha', 'f']] as const)
      expect([text, await listed(begins(text))]).toEqual([text, found]) // prettier-ignore
    for (const [text, found] of [['harz', 'd'], ['2024 fox', 'd'], ['duck', 'abde'], ['example', 'abcdef'], ['%', '']] as const)
      expect([text, await listed(anywhere(text))]).toEqual([text, found]) // prettier-ignore
  })

  test('narrow searches, beside other conditions', async () => {
    await store().upsert(all)
    const found = async (filter: object) => {
      const hits = await store().search({ vector: leaning(0, 0), limit: 10, filter })
      return hits.map(({ record: { id } }) => byId.get(id)).join('')
    }
    expect(await found({ must: [isNamed('duck')] })).toBe('ba')
    expect(await found({ must: [isNamed('duck'), { must_not: [isNamed('pond')] }] })).toBe('b')
    const year = { key: 'year', match: { value: 1999 } }
    expect(await found({ must: [isNamed('fuchs'), year] })).toBe('c')
    expect(await found({ must: [isNamed('duck'), year] })).toBe('')
    expect(await found({ should: [isNamed('pond'), year] })).toHaveLength(2)
    expect(await found({ must_not: [isNamed('picture'), isNamed('duck')] })).toHaveLength(2)
  })

  test('follow their record', async () => {
    const [duck, ...others] = all
    await store().upsert(all)
    await store().setMetadata(duck!.id, { title: 'Erpel' })
    expect(await listed(isNamed('Erpel duck'))).toBe('a')
    await store().setMetadata(duck!.id, {})
    expect(await listed(isNamed('Erpel'))).toBe('')
    await store().upsert([{ ...duck!, description: 'A swan' }])
    expect([await listed(isNamed('duck')), await listed(isNamed('swan'))]).toEqual(['b', 'a'])
    await store().delete(others.map(({ id }) => id))
    expect(await listed(anywhere('example'))).toBe('a')
  })
}
