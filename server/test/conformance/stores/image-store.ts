import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LookalikeError } from '../../../src/errors.ts'
import { describeFilters } from './filters.ts'
import type { OpenedStore, OpenStore } from './opened-store.ts'
import { describeList } from './list.ts'
import { describeQuestions } from './questions.ts'
import { describeWords } from './words.ts'
import { leaning, library, record, sha256Of, unit } from './fixtures.ts'
import type { AnswerNotes, ImageStore } from '../../../src/stores/image-store.ts'
import type { ImageRecord, VectorRecord } from '../../../src/records/record.ts'

/**
 * What every driver of `ImageStore` must do, as Vitest tests. `propertyRuns` is how many random sets
 * of records the filter properties are tried on.
 */
export function describeImageStore(
  name: string,
  open: OpenStore,
  { propertyRuns = 25 } = {},
): void {
  describe(`${name}: an image store`, () => {
    let opened: OpenedStore
    let store: ImageStore

    beforeEach(async () => {
      opened = await open(library)
      store = opened.store
    })
    afterEach(async () => {
      await store.close()
      await opened.dispose()
    })

    describe('records', () => describeRecords(() => store))
    describe('search', () => describeSearch(() => store))
    describe('list', () => describeList(() => store))
    describe('words', () => describeWords(() => store))
    describe('questions', () => describeQuestions(() => store))
    describe('reopening', () => describeReopening(() => opened))
  })
  describeFilters(name, open, propertyRuns)
}

function describeRecords(store: () => ImageStore): void {
  test('an empty library answers everything with nothing', async () => {
    const { id } = record('absent')
    expect(await store().search({ vector: leaning(0, 0), limit: 5 })).toEqual([])
    expect(await store().list({ limit: 5 })).toEqual({ records: [], nextCursor: null })
    expect(await store().get([id])).toEqual([])
    expect(await store().getWithVectors([id])).toEqual([])
    expect(await store().findByContentHash([sha256Of('absent')])).toEqual([])
    expect(await store().facets('type', 5)).toEqual([])
    expect(await store().count()).toBe(0)
    expect(await store().setMetadata(id, {})).toBe(false)
    expect(await store().delete([id])).toBe(0)
    expect((await store().health()).status).toBe('ok')
  })

  test('calls with nothing to do do nothing', async () => {
    await store().upsert([])
    expect(await store().get([])).toEqual([])
    expect(await store().findByContentHash([])).toEqual([])
    expect(await store().delete([])).toBe(0)
  })

  test('keeps a record whole and shows it at once', async () => {
    const fox = record('fox', { metadata: { type: 'output', stars: 4.5, tags: ['a', 'b'] } })
    await store().upsert([fox])
    expect(await store().get([fox.id])).toEqual([withoutVector(fox)])
    expect(await store().count()).toBe(1)
    const [found] = await store().search({ vector: fox.vector, limit: 1 })
    expect(found?.record).toEqual(withoutVector(fox))
    expect((await store().list({ limit: 5 })).records).toEqual([withoutVector(fox)])
  })

  test('keeps a record whose file, embedder and time are unknown', async () => {
    const bare = record('bare', { file: null, embedderId: null, indexedAt: null, description: '' })
    await store().upsert([bare])
    expect(await store().get([bare.id])).toEqual([withoutVector(bare)])
  })

  test('keeps that a file is not here', async () => {
    const fox = record('fox')
    const waiting = {
      ...fox,
      describedBy: 'caller' as const,
      file: { ...fox.file!, phash: '', missing: true as const },
    }
    await store().upsert([waiting])
    expect(await store().get([fox.id])).toEqual([withoutVector(waiting)])
    await store().upsert([fox])
    expect(await store().get([fox.id])).toEqual([withoutVector(fox)])
  })

  test('keeps the tiny preview of a picture, and can be asked who has none', async () => {
    const fox = record('fox')
    const seen = { ...fox, file: { ...fox.file!, thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI' } }
    await store().upsert([seen, record('owl')])
    expect(await store().get([fox.id])).toEqual([withoutVector(seen)])
    const { records } = await store().list({
      limit: 5,
      filter: { must: [{ is_empty: { key: 'lookalike.thumbhash' } }] },
    })
    expect(records.map(({ id }) => id)).toEqual([record('owl').id])
  })

  test('keeps what a picture shows, which filters and facets find', async () => {
    const fox = record('fox', { tags: ['red fox', 'fox', 'animal'] })
    const owl = record('owl', { tags: ['owl', 'animal'] })
    await store().upsert([fox, owl, record('plain')])
    expect(await store().get([fox.id])).toEqual([withoutVector(fox)])
    expect(await store().count(equal('lookalike.tags', 'fox'))).toBe(1)
    expect(await store().facets('lookalike.tags', 1)).toEqual([{ value: 'animal', count: 2 }])
  })

  test('replaces a record of the same id entirely', async () => {
    const before = record('fox', { metadata: { old: true }, vector: leaning(0, 0) })
    const after = record('fox', {
      metadata: { new: true },
      vector: leaning(3, 0),
      description: 'Another',
      file: { sha256: sha256Of('other'), format: 'jpeg', width: 1, height: 2, bytes: 3 },
    })
    await store().upsert([before])
    await store().upsert([after])
    expectRecords(await store().getWithVectors([before.id]), [after])
    expect(await store().count()).toBe(1)
    expect(await store().findByContentHash([before.file!.sha256])).toEqual([])
  })

  test('answers get in the order asked, without those that do not exist', async () => {
    const all = ['a', 'b', 'c'].map((name) => record(name))
    await store().upsert(all)
    const ids = [all[2]!.id, record('absent').id, all[0]!.id, 'not an id']
    expect((await store().get(ids)).map(({ id }) => id)).toEqual([all[2]!.id, all[0]!.id])
  })

  test('gives vectors back', async () => {
    const all = [0.1, 0.2, 0.3].map((lean, axis) =>
      record(`v${axis}`, { vector: leaning(axis, lean) }),
    )
    await store().upsert(all)
    expectRecords(await store().getWithVectors(all.map(({ id }) => id)), all)
  })

  test('finds records by content hash, all that share one', async () => {
    const twin = { file: record('fox').file }
    const all = [record('fox', twin), record('copy', twin), record('other')]
    await store().upsert(all)
    const found = await store().findByContentHash([sha256Of('fox'), sha256Of('absent')])
    expect(found.map(({ imageUri }) => imageUri).sort()).toEqual([
      'http://example.org/copy.png',
      'http://example.org/fox.png',
    ])
  })

  test('replaces metadata and keeps all else', async () => {
    const fox = record('fox', { metadata: { type: 'output', gone: 1 }, vector: leaning(2, 0.3) })
    await store().upsert([fox, record('other')])
    expect(await store().setMetadata(fox.id, { type: 'input' })).toBe(true)
    const changed = { ...fox, metadata: { type: 'input' } }
    expectRecords(await store().getWithVectors([fox.id]), [changed])
    expect(await store().setMetadata(record('absent').id, {})).toBe(false)
    expect(await store().count()).toBe(2)
    expect(await store().count(equal('type', 'input'))).toBe(1)
    expect(await store().count(equal('type', 'output'))).toBe(0)
  })

  test('deletes, and says how many there were', async () => {
    const all = ['a', 'b', 'c'].map((name) => record(name))
    await store().upsert(all)
    expect(await store().delete([all[0]!.id, all[1]!.id, record('absent').id])).toBe(2)
    expect(await store().delete([all[0]!.id])).toBe(0)
    expect((await store().list({ limit: 5 })).records).toEqual([withoutVector(all[2]!)])
    expect(await store().search({ vector: leaning(0, 0), limit: 5 })).toHaveLength(1)
    expect(await store().findByContentHash([all[0]!.file!.sha256])).toEqual([])
  })

  test('takes metadata named like the record fields; the fields win in filters', async () => {
    const metadata = { image_uri: 'theirs', description: 7, lookalike: { sha256: 'theirs' } }
    const fox = record('fox', { metadata })
    await store().upsert([fox])
    expect((await store().get([fox.id]))[0]?.metadata).toEqual(metadata)
    expect(await store().count(equal('image_uri', 'theirs'))).toBe(0)
    expect(await store().count(equal('image_uri', fox.imageUri))).toBe(1)
    expect(await store().count(equal('lookalike.sha256', fox.file!.sha256))).toBe(1)
    expect(await store().findByContentHash(['theirs'])).toEqual([])
    await store().setMetadata(fox.id, { lookalike: null })
    expect((await store().get([fox.id]))[0]?.metadata).toEqual({ lookalike: null })
  })

  test('takes any JSON and any script', async () => {
    const metadata = {
      '': 'empty key',
      ['__proto__']: { polluted: true },
      'a.b[0] "c" \\': { 日本語: ['🦊', 'café', 'cafe\u0301', '\u0000\n\t'] },
      deep: Array.from({ length: 40 }).reduce<VectorRecord['metadata'][string]>(
        (inner, _, depth) => (depth % 2 ? [inner] : { down: inner }),
        'bottom',
      ),
      numbers: [0.1, -1e-300, 1e300, 2 ** 53, 2 ** 60, 1e20, -(2 ** 62)],
      others: [null, true, false, [], {}, [[]], [null]],
    }
    const fox = record('fox', {
      imageUri: 'https://example.org/лиса.png?q=🦊#é',
      description: 'Ein Füchslein\n"quoted" 🦊',
      metadata: JSON.parse(JSON.stringify(metadata)) as VectorRecord['metadata'],
    })
    await store().upsert([fox])
    expect(await store().get([fox.id])).toEqual([withoutVector(fox)])
    expect(await store().count(equal('description', fox.description))).toBe(1)
  })
}

const size = { minLength: library.dimensions, maxLength: library.dimensions }

function describeSearch(store: () => ImageStore): void {
  // cos(lean * 90 degrees) to leaning(0, 0): 1, 0.951, 0.809, 0.588, 0.309, 0, and -1.
  const leans = [0.2, 0, 1, 0.8, 0.4, 0.6]
  const all = leans.map((lean) =>
    record(`lean-${lean}`, { vector: leaning(0, lean), metadata: { lean } }),
  )
  const opposite = record('opposite', {
    vector: leaning(0, 0).map((value) => 0 - value),
    metadata: { lean: 2 },
  })
  const query = { vector: leaning(0, 0), limit: 100 }
  const leansFound = async (changes: Partial<Parameters<ImageStore['search']>[0]>) =>
    (await store().search({ ...query, ...changes })).map((hit) => hit.record.metadata.lean)

  beforeEach(() => store().upsert([...all, opposite]))

  test('ranks by cosine similarity, best first', async () => {
    const hits = await store().search(query)
    expect(hits.map((hit) => hit.record.metadata.lean)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 2])
    const expected = [1, 0.9510565, 0.809017, 0.5877853, 0.309017, 0, -1]
    hits.forEach((hit, rank) => expect(hit.score).toBeCloseTo(expected[rank]!, 5))
    for (const { score } of hits) expect(Math.abs(score)).toBeLessThanOrEqual(1)
  })

  test('limits, skips, cuts and filters', async () => {
    expect(await leansFound({ limit: 2 })).toEqual([0, 0.2])
    expect(await leansFound({ limit: 2, offset: 2 })).toEqual([0.4, 0.6])
    expect(await leansFound({ offset: 7 })).toEqual([])
    expect(await leansFound({ scoreThreshold: 0.5 })).toEqual([0, 0.2, 0.4, 0.6])
    expect(await leansFound({ scoreThreshold: 0.5, offset: 1, limit: 2 })).toEqual([0.2, 0.4])
    expect(await leansFound({ scoreThreshold: -1 })).toHaveLength(7)
    const filter = { must: [{ key: 'lean', range: { gte: 0.5 } }] }
    expect(await leansFound({ filter, limit: 2 })).toEqual([0.6, 0.8])
    expect(await leansFound({ filter, scoreThreshold: 0.5 })).toEqual([0.6])
  })

  test('no score leaves -1 to 1, and a threshold of 1 finds the very vector', async () => {
    // Random directions: their lengths are 1 as far as single precision can say, and no further.
    const component = fc.noBias(fc.integer({ min: -1000, max: 1000 }))
    const vectors = fc.sample(fc.array(component, size), { numRuns: 100, seed: 6 })
    const others = vectors.map((values, at) => record(`random-${at}`, { vector: unit(values) }))
    await store().upsert(others)
    for (const { id, vector } of others) {
      const found = await store().search({ vector, limit: 200, scoreThreshold: 1 })
      expect(found.map((hit) => [hit.record.id, hit.score])).toEqual([[id, 1]])
      const [opposite] = await store().search({ vector: vector.map((value) => -value), limit: 1 })
      expect(opposite!.score).toBeGreaterThanOrEqual(-1)
      const all = await store().search({ vector, limit: 200, scoreThreshold: -1 })
      expect(all.filter(({ score }) => !(score >= -1 && score <= 1))).toEqual([])
      expect(all).toHaveLength(107)
    }
  })

  test('answers say which engine compared the vectors, and how much was within reach', async () => {
    const notes: AnswerNotes = {}
    const reads = store().forAnswer(notes)
    expect(await reads.get([all[0]!.id])).toHaveLength(1)
    expect(notes).not.toHaveProperty('engine')
    const hits = await reads.search({ ...query, limit: 3 })
    expect(hits).toEqual(await store().search({ ...query, limit: 3 }))
    expect(['exact', 'approximate']).toContain(notes.engine)
    expect(notes).not.toHaveProperty('coverage')
  })

  test('keeps a hit whose score is the threshold', async () => {
    const score = (await store().search({ ...query, limit: 3 }))[2]!.score
    expect(await leansFound({ scoreThreshold: score })).toEqual([0, 0.2, 0.4])
  })
}

function describeReopening(opened: () => OpenedStore): void {
  test('keeps everything over a restart', async ({ skip }) => {
    const { store, reopen } = opened()
    if (!reopen) return skip('this store keeps nothing')
    const all = ['a', 'b'].map((name, axis) => record(name, { vector: leaning(axis, 0.3) }))
    await store.upsert(all)
    await store.close()
    const again = await reopen(library)
    expectRecords(await again.getWithVectors(all.map(({ id }) => id)), all)
    expect(await again.search({ vector: all[1]!.vector, limit: 1 })).toMatchObject([
      { record: { id: all[1]!.id } },
    ])
    await again.close()
  })

  test.for([
    { embedderId: 'contract:other@8', dimensions: 8 },
    { embedderId: 'contract:test@4', dimensions: 4 },
  ])('refuses to be the library of $embedderId', async (other, { skip }) => {
    const { store, reopen } = opened()
    if (!reopen) return skip('this store keeps nothing')
    await store.upsert([record('fox')])
    await store.close()
    const refusal: unknown = await reopen(other).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(LookalikeError)
    expect(refusal).toMatchObject({ code: 'embedder_mismatch' })
    const { message } = refusal as LookalikeError
    expect(message).toContain(library.embedderId)
    expect(message).toContain(other.embedderId)
    expect(message).toMatch(/index/i)

    const again = await reopen(library)
    expect(await again.count()).toBe(1)
    await again.close()
  })
}

function withoutVector(record: VectorRecord): ImageRecord {
  const { vector: _vector, ...rest } = record
  return rest
}

/** Equal records; vectors to within 1e-6, for an engine may normalise them again. */
function expectRecords(found: VectorRecord[], expected: VectorRecord[]): void {
  for (const { vector } of found) expect(vector).toBeInstanceOf(Float32Array)
  const plain = found.map((each) => ({ ...each, vector: [...each.vector] }))
  const near = (value: number) => expect.closeTo(value, 6)
  expect(plain).toEqual(
    expected.map((each) => ({ ...each, vector: Array.from(each.vector, near) })),
  )
}

function equal(key: string, value: string) {
  return { must: [{ key, match: { value } }] }
}
