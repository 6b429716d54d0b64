import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenedStore, OpenStore } from './opened-store.ts'
import { dot, filters, library, record, records, vector } from './fixtures.ts'
import { type Filter, filterDocument } from '../../../src/records/filter.ts'
import type { ImageStore, VectorQuery } from '../../../src/stores/image-store.ts'
import type { FacetCount } from '../../../src/records/facets.ts'
import type { VectorRecord } from '../../../src/records/record.ts'
import { matcher } from '../../../src/records/matches.ts'

/** The part of the store contract that is about filters: random ones, bad ones, and facets. */
export function describeFilters(name: string, open: OpenStore, propertyRuns: number): void {
  describe(`${name}: filters`, () => {
    let opened: OpenedStore
    let store: ImageStore
    beforeAll(async () => {
      opened = await open(library)
      store = opened.store
    })
    afterAll(async () => {
      await store.close()
      await opened.dispose()
    })
    const fill = async (all: VectorRecord[]) => {
      const before = await everything(store)
      await store.delete(before)
      await store.upsert(all)
    }

    test('random filters on random records mean what `matches` says', async () => {
      const someFilters = fc.array(filters, { minLength: 6, maxLength: 6 })
      await fc.assert(
        fc.asyncProperty(records, someFilters, vector, async (all, tried, query) => {
          await fill(all)
          for (const filter of tried) await expectNaiveAnswers(store, all, filter, query)
        }),
        { numRuns: propertyRuns },
      )
    })

    test.each(['must', 'should', 'must_not'])('a thousand conditions in %s', async (clause) => {
      await fill([record('fox'), { ...record('owl'), metadata: { k1: 1, n: 5 } }])
      const conditions = Array.from({ length: 1000 }, (_, at) =>
        at % 2 === 0 ? { key: `k${at}`, match: { value: at } } : { key: 'n', range: { gte: at } },
      )
      const counts = { must: 0, should: 1, must_not: 1 }
      const filter = { [clause]: conditions }
      expect(await store.count(filter)).toBe(counts[clause as keyof typeof counts])
      const query = { vector: record('fox').vector, limit: 5, filter }
      expect(await store.search(query)).toHaveLength(counts[clause as keyof typeof counts])
    })

    test.each(['', 'two words', 'a..b', '.a', 'a.', 'a[', 'a[x]', '"a', '[0]', 'a b.c'])(
      'refuses %j as a key',
      async (key) => {
        await fill([record('fox')])
        const filter = { must: [{ key, match: { value: 1 } }] }
        const refusal = { code: 'invalid_parameter' }
        await expect(store.count(filter)).rejects.toMatchObject(refusal)
        await expect(store.list({ filter, limit: 1 })).rejects.toMatchObject(refusal)
        await expect(store.facets(key, 5)).rejects.toMatchObject(refusal)
        const query = { vector: record('fox').vector, limit: 1, filter }
        await expect(store.search(query)).rejects.toMatchObject(refusal)
      },
    )

    describe('facets', () => {
      const values = ['x', 'x', 'y', '1', 1, 1, 1, 2.5, true, null, {}, ['x', 'z', 'x'], [[1], 2.5]]
      beforeAll(() =>
        fill(
          values.map((value, index) =>
            record(`facet-${index}`, { metadata: { value, nested: [{ value }], odd: index % 2 } }),
          ),
        ),
      )
      const counts: FacetCount[] = [
        { value: 'x', count: 3 },
        { value: 1, count: 3 },
        { value: 2.5, count: 2 },
        { value: '1', count: 1 },
        { value: 'y', count: 1 },
        { value: 'z', count: 1 },
        { value: true, count: 1 },
      ]

      test.each(['value', 'nested[].value'])(
        'count the records that hold each string, number and boolean of %s',
        async (key) => {
          const found = await store.facets(key, 100)
          expect(found).toHaveLength(counts.length)
          expect(found).toEqual(expect.arrayContaining(counts))
          expect(found.map(({ count }) => count)).toEqual([3, 3, 2, 1, 1, 1, 1])
        },
      )

      test('give the most frequent when limited', async () => {
        expect(await store.facets('value', 3)).toEqual(expect.arrayContaining(counts.slice(0, 3)))
        expect(await store.facets('value', 3)).toHaveLength(3)
        expect(await store.facets('missing', 3)).toEqual([])
      })

      test('count only what a filter allows', async () => {
        const filter = { must: [{ key: 'odd', match: { value: 1 } }] }
        const found = await store.facets('value', 100, filter)
        expect(found[0]).toEqual({ value: 'x', count: 2 })
        expect(found.slice(1)).toHaveLength(4)
        expect(found.slice(1)).toEqual(
          expect.arrayContaining(['1', 1, 2.5, 'z'].map((value) => ({ value, count: 1 }))),
        )
      })
    })
  })
}

/** Every answer that takes a filter equals that of trying `matches` on each record. */
async function expectNaiveAnswers(
  store: ImageStore,
  all: VectorRecord[],
  filter: Filter,
  query: Float32Array,
): Promise<void> {
  const allowed = matcher(filter)
  const expected = all.filter((each) => allowed(filterDocument(each)))
  const expectedIds = expected.map(({ id }) => id).sort()

  expect(await store.count(filter)).toBe(expected.length)
  expect((await everything(store, filter)).sort()).toEqual(expectedIds)

  const scores = expected.map((each) => dot(each.vector, query)).sort((a, b) => b - a)
  const search = (changes: Partial<VectorQuery>) =>
    store.search({ vector: query, limit: 100, filter, ...changes })
  const hits = await search({})
  expect(hits.map((hit) => hit.record.id).sort()).toEqual(expectedIds)
  expectScores(
    hits.map(({ score }) => score),
    scores,
  )
  const some = await search({ limit: 3, offset: 1 })
  expectScores(
    some.map(({ score }) => score),
    scores.slice(1, 4),
  )
}

function expectScores(found: number[], expected: number[]): void {
  expect(found).toEqual(expected.map((score) => expect.closeTo(score, 5)))
}

async function everything(store: ImageStore, filter?: Filter): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await store.list({
      limit: 7,
      ...(filter && { filter }),
      ...(cursor !== undefined && { cursor }),
    })
    ids.push(...page.records.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return ids
}
