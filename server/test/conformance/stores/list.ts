import { describe, expect, test } from 'vitest'
import { leaning, record } from './fixtures.ts'
import { withBeginningsAnywhere } from '../../../src/records/terms.ts'
import { allWords } from '../../../src/words/asked.ts'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import type { ImageRecord } from '../../../src/records/record.ts'

/** The part of the store contract that is about walking the library page by page. */
export function describeList(store: () => ImageStore): void {
  const names = Array.from({ length: 23 }, (_, index) => `page-${index}`)
  const walk = async (limit: number, between = async (_page: ImageRecord[]) => {}) => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await store().list({ limit, ...(cursor !== undefined && { cursor }) })
      expect(page.records.length).toBeLessThanOrEqual(limit)
      seen.push(...page.records.map(({ id }) => id))
      await between(page.records)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return seen
  }

  test.each([1, 7, 23, 100])('pages of %i show each record exactly once', async (limit) => {
    const all = names.map((name) => record(name))
    await store().upsert(all)
    const seen = await walk(limit)
    expect([...seen].sort()).toEqual(all.map(({ id }) => id).sort())
    expect(await walk(5)).toEqual(seen)
  })

  test('pages stay in step while other records come and go', async () => {
    const all = names.map((name) => record(name))
    const staying = all.filter((_, index) => index % 2 === 0)
    const going = all.filter((_, index) => index % 2 === 1)
    await store().upsert(all)
    let round = 0
    const seen = await walk(4, async () => {
      const gone = going.pop()
      await store().delete(gone ? [gone.id] : [])
      if (round < 5) await store().upsert([record(`new-${round++}`)])
    })
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(staying.map(({ id }) => id)))
  })

  test('lists what a filter allows', async () => {
    await store().upsert(names.map((name, index) => record(name, { metadata: { index } })))
    const filter = { must: [{ key: 'index', range: { lt: 5 } }] }
    const first = await store().list({ filter, limit: 3 })
    const second = await store().list({ filter, limit: 3, cursor: first.nextCursor! })
    const found = [...first.records, ...second.records].map(({ metadata }) => metadata.index)
    expect(found.sort()).toEqual([0, 1, 2, 3, 4])
    expect(second.nextCursor).toBeNull()
  })

  test('draws a sample of vectors, of everything where there is no more', async () => {
    const all = names.map((name, at) => record(name, { vector: leaning(at, at / names.length) }))
    await store().upsert(all)
    const key = (vector: Float32Array) => vector.join(' ')
    const known = new Set(all.map(({ vector }) => key(vector)))
    const drawn = (await store().sample(5)).map(key)
    expect(new Set(drawn).size).toBe(5)
    expect(drawn.every((vector) => known.has(vector))).toBe(true)
    expect(new Set((await store().sample(100)).map(key))).toEqual(known)
    // Rows of the embedded store that are gone must not be drawn.
    await store().delete(all.slice(2).map(({ id }) => id))
    expect(await store().sample(5)).toHaveLength(2)
  })

  describe('in the order of time', () => {
    const timeOf = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString()
    /** Twelve of one time, as an import makes them, five of others, two of none; written in another order. */
    const all = [
      ...Array.from({ length: 12 }, (_, at) => record(`same-${at}`, { indexedAt: timeOf(2) })),
      ...[5, 1, 4, 0, 3].map((day) => record(`day-${day}`, { indexedAt: timeOf(day) })),
      ...[1, 2].map((at) => record(`no-time-${at}`, { indexedAt: null })),
    ].map((each, index) => ({ ...each, metadata: { odd: index % 2 } }))

    const walkBy = async (order: 'newest' | 'oldest', limit: number, more = {}) => {
      const seen: ImageRecord[] = []
      let cursor: string | undefined
      do {
        const from = cursor === undefined ? {} : { cursor }
        const page = await store().list({ order, limit, ...more, ...from })
        expect(page.records.length).toBeLessThanOrEqual(limit)
        seen.push(...page.records)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      return seen
    }

    test.each([1, 4, 13, 100])('pages of %i show each record once, in order', async (limit) => {
      await store().upsert(all)
      for (const order of ['newest', 'oldest'] as const) {
        const seen = await walkBy(order, limit)
        expect(seen.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort())
        expect(seen.slice(-2).map(({ indexedAt }) => indexedAt)).toEqual([null, null])
        const times = seen.slice(0, -2).map(({ indexedAt }) => indexedAt!)
        const sorted = times.toSorted()
        expect(times).toEqual(order === 'oldest' ? sorted : sorted.reverse())
        const odd = { filter: { must: [{ key: 'odd', match: { value: 1 } }] } }
        expect((await walkBy(order, limit, odd)).map(({ id }) => id)).toEqual(
          seen.filter(({ metadata }) => metadata.odd === 1).map(({ id }) => id),
        )
        const same = { filter: { must: [withBeginningsAnywhere(allWords('SAME'))] } }
        expect((await walkBy(order, limit, same)).map(({ id }) => id)).toEqual(
          seen.filter(({ imageUri }) => imageUri.includes('same')).map(({ id }) => id),
        )
      }
    })

    test('what was indexed again moves, and no cursor of another order is taken', async () => {
      await store().upsert(all)
      await store().upsert([{ ...all[14]!, indexedAt: timeOf(9) }])
      const [first] = (await store().list({ order: 'newest', limit: 1 })).records
      expect(first!.id).toBe(all[14]!.id)
      const { nextCursor } = await store().list({ limit: 1 })
      if (nextCursor === null) return
      const refused = store().list({ order: 'newest', limit: 1, cursor: 'no cursor' })
      await expect(refused).rejects.toMatchObject({ code: 'invalid_parameter' })
    })
  })

  test('an outline has the same records in the same order', async () => {
    const thumbhash = '1QcSHQRnh493V4dIh4eXh1h4kJUI'
    const plain = record('plain')
    await store().upsert([
      { ...plain, file: { ...plain.file!, thumbhash, phash: 'c3d1a05e7f3b0246' } },
      record('bare', { file: null }),
      record('other', { file: { ...record('other').file!, missing: true } }),
    ])
    const { records } = await store().list({ order: 'oldest', limit: 10 })
    const { outlines, nextCursor } = await store().outline({ order: 'oldest', limit: 10 })
    expect([outlines, nextCursor]).toEqual([records.map(({ id, file }) => ({ id, file })), null])
    const first = await store().outline({ limit: 2 })
    const second = await store().outline({ limit: 2, cursor: first.nextCursor! })
    expect(new Set([...first.outlines, ...second.outlines].map(({ id }) => id)).size).toBe(3)
  })

  test('refuses a cursor that is none', async () => {
    const refused = store().list({ limit: 5, cursor: 'no cursor' })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_parameter' })
  })
}
