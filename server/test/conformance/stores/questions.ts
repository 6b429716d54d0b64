import { beforeEach, expect, test } from 'vitest'
import { likeAll } from '../../../src/library/questions/like-all.ts'
import { nearestInOrder } from '../../../src/library/questions/near-sum.ts'
import { sumOf } from '../../../src/library/questions/sum.ts'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import { dot, leaning, record } from './fixtures.ts'

/** That questions of several parts have one answer, whatever keeps the records. */
export function describeQuestions(store: () => ImageStore): void {
  // From one axis to the next in steps, each step five times: ties wherever a page may end.
  const all = Array.from({ length: 55 }, (_, at) =>
    record(`step-${at}`, {
      vector: leaning(0, Math.floor(at / 5) / 10),
      metadata: { odd: at % 2 === 1 },
    }),
  )
  const parts = [
    { vector: leaning(0, 0), weight: 1 },
    { vector: leaning(0, 0.95), weight: 0.5 },
  ]
  const odd = { must: [{ key: 'odd', match: { value: true } }] }
  const nameOf = ({ record: { imageUri } }: { record: { imageUri: string } }) => imageUri
  const byScore = (score: (vector: Float32Array) => number, filtered: boolean) =>
    all
      .filter(({ metadata }) => !filtered || metadata.odd)
      .map((each) => ({ ...each, score: Math.round(1e4 * score(each.vector)) }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .map(({ imageUri }) => imageUri)

  beforeEach(() => store().upsert(all))

  test('the nearest of a sum come in one order, however many are asked for', async () => {
    const vector = sumOf(parts)
    for (const filter of [undefined, odd]) {
      const expected = byScore((each) => dot(vector, each), filter !== undefined)
      for (const limit of [3, 7, 20, 54, 100]) {
        const query = { vector, limit, ...(filter && { filter }) }
        const { hits, isAll } = await nearestInOrder(store(), query, false)
        expect(isAll).toBe(limit > expected.length)
        expect(hits.map(nameOf)).toEqual(expected.slice(0, hits.length))
        expect(hits.length).toBeGreaterThanOrEqual(isAll ? expected.length : limit - 5)
      }
    }
  })

  test('what is like all parts is certain from few, and the same from many', async () => {
    for (const filter of [undefined, odd]) {
      const expected = byScore(
        (each) => Math.min(...parts.map(({ vector }) => dot(vector, each))),
        filter !== undefined,
      )
      for (const depth of [10, 33, 100]) {
        const looking = { depth, isLast: false }
        const query = filter ? { filter } : {}
        const found = await likeAll(store(), parts, query, null, looking, new Map())
        expect(found.hits.map(nameOf)).toEqual(expected.slice(0, found.hits.length))
        expect(found.isCertain).toBe(true)
        expect(found.isAll).toBe(depth > expected.length)
        expect(found.hits.length).toBeGreaterThan(depth > 30 ? 4 : -1)
      }
    }
  })
}
