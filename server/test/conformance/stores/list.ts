import { expect, test } from 'vitest'
import { leaning, record } from './fixtures.ts'
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

  test('refuses a cursor that is none', async () => {
    const refused = store().list({ limit: 5, cursor: 'no cursor' })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_parameter' })
  })
}
