import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { record, unit } from './fixtures.ts'
import type { Generations } from '../../../src/stores/generations.ts'
import type { Library } from '../../../src/stores/image-store.ts'
import type { VectorRecord } from '../../../src/records/record.ts'

export const previous: Library = { embedderId: 'previous@8', dimensions: 8 }
export const target: Library = { embedderId: 'target@4', dimensions: 4 }

/** Records of a library, each along an axis of its own. */
export function recordsOf({ embedderId, dimensions }: Library): VectorRecord[] {
  return ['fox', 'owl', 'duck'].map((name, at) => {
    const vector = unit(Array.from({ length: dimensions }, (_, axis) => Number(axis === at)))
    return record(name, { embedderId, vector, description: `A ${name} by ${embedderId}` })
  })
}

/** The library in use is that one, known by what is in it and found by its vectors. */
export async function expectInUse(generations: Generations, library: Library): Promise<void> {
  const records = recordsOf(library)
  expect(await generations.current()).toEqual({ ...library, records: records.length })
  const store = await generations.open(library)
  for (const { vector, ...expected } of records) {
    const [hit] = await store.search({ vector, limit: 1 })
    expect(hit).toEqual({ record: expected, score: expect.closeTo(1, 5) as number })
  }
  await store.close()
}

/**
 * What every kind of store owes to a library that is re-embedded.
 *
 * @param start a place without a library; `restart` looks at it as the next process does
 */
export function describeGenerations(
  name: string,
  start: () => Promise<{ restart: () => Generations; dispose: () => Promise<unknown> }>,
): void {
  describe(`libraries of the ${name} store`, () => {
    let place: Awaited<ReturnType<typeof start>>
    let generations: Generations
    beforeEach(async () => {
      place = await start()
      generations = place.restart()
    })
    afterEach(() => place.dispose())

    async function fill(opened: 'open' | 'openNext', library: Library): Promise<void> {
      const store = await generations[opened](library)
      await store.upsert(recordsOf(library))
      await store.close()
    }

    test('there is none at first, then the one that was made', async () => {
      expect(await generations.current()).toBeNull()
      await fill('open', previous)
      await expectInUse(generations, previous)
      await expect(generations.open(target)).rejects.toMatchObject({ code: 'embedder_mismatch' })
    })

    test('one that is being made changes nothing, and is there when it is opened again', async () => {
      await fill('open', previous)
      await fill('openNext', target)
      await expectInUse(place.restart(), previous)
      const next = await place.restart().openNext(target)
      expect(await next.count()).toBe(3)
      await next.close()
    })

    test('one that is discarded begins empty', async () => {
      await fill('open', previous)
      await fill('openNext', target)
      await generations.discardNext(target)
      const next = await generations.openNext(target)
      expect(await next.count()).toBe(0)
      await next.close()
      await expectInUse(generations, previous)
    })

    test('one that is promoted is in use, now and after a restart; and so is the next one', async () => {
      await fill('open', previous)
      await fill('openNext', target)
      await generations.promote(target)
      await expectInUse(generations, target)
      generations = place.restart()
      await expectInUse(generations, target)
      await fill('openNext', previous)
      await generations.promote(previous)
      await expectInUse(place.restart(), previous)
    })

    test('one of the same embedder takes its place as well', async () => {
      await fill('open', previous)
      const next = await generations.openNext(previous)
      expect(await next.count()).toBe(0)
      await next.upsert(recordsOf(previous).slice(0, 1))
      await next.close()
      await generations.promote(previous)
      expect(await place.restart().current()).toEqual({ ...previous, records: 1 })
    })

    test('an empty one can be promoted', async () => {
      const store = await generations.open(previous)
      await store.close()
      await (await generations.openNext(target)).close()
      await generations.promote(target)
      expect(await place.restart().current()).toEqual({ ...target, records: 0 })
    })
  })
}
