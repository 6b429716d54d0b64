import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inOrder } from '../../../test/support/stores.ts'
import { record, unit } from '../contract-records.ts'
import type { Library, VectorRecord } from '../image-store.ts'
import { embeddedGenerations } from './generations.ts'

const former: Library = { embedderId: 'former@8', dimensions: 8 }
const wanted: Library = { embedderId: 'wanted@4', dimensions: 4 }
const names = ['fox', 'owl', 'duck']
const recordsOf = ({ embedderId, dimensions }: Library): VectorRecord[] =>
  names.map((name, at) => {
    const vector = unit(Array.from({ length: dimensions }, (_, axis) => Number(axis === at)))
    return record(name, { embedderId, vector, description: `A ${name} by ${embedderId}` })
  })

/** A data folder as it is when both libraries were closed, and nothing was switched yet. */
let closed: string
beforeAll(async () => {
  closed = await mkdtemp(join(tmpdir(), 'lookalike-generations-'))
  const generations = embeddedGenerations(closed, {})
  const stores = [await generations.open(former), await generations.openNext(wanted)] as const
  await stores[0].upsert(recordsOf(former))
  await stores[1].upsert(recordsOf(wanted))
  for (const store of stores) {
    await inOrder(store)
    await store.close()
  }
})
afterAll(() => rm(closed, { recursive: true, force: true }))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-generations-'))
  await cp(closed, folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const at = (...path: string[]) => join(folder, ...path)
const remove = (path: string) => rm(path, { recursive: true, force: true })

/** What a switch does, step by step. */
const steps: [string, () => Promise<unknown>][] = [
  ['its marker is written', () => writeFile(at('next-is-complete'), '')],
  ['the former index is gone', () => remove(at('vectors'))],
  ['the library is in its place', () => rename(at('next', 'library.db'), at('library.db'))],
  ['the index is in its place', () => rename(at('next', 'vectors'), at('vectors'))],
  ['the empty folder is gone', () => remove(at('next'))],
]

async function expectWhole(library: Library): Promise<void> {
  const generations = embeddedGenerations(folder, {})
  expect(await generations.current()).toEqual({ ...library, records: names.length })
  const store = await generations.open(library)
  for (const { vector, ...expected } of recordsOf(library)) {
    const [hit] = await store.search({ vector, limit: 1 })
    expect(hit).toEqual({ record: expected, score: expect.closeTo(1, 5) as number })
  }
  await store.close()
}

describe('a start after a crash in a switch', () => {
  test('before it begins, finds the former library, and the new one as far as it was', async () => {
    await expectWhole(former)
    const next = await embeddedGenerations(folder, {}).openNext(wanted)
    expect(await next.count()).toBe(names.length)
    await next.close()
  })

  test.each(steps.map(([name], index) => [name, index] as const))(
    'after %s, finds the new library whole and nothing beside it',
    async (_, last) => {
      for (const [, step] of steps.slice(0, last + 1)) await step()
      await expectWhole(wanted)
      expect((await readdir(folder)).toSorted()).toEqual(['library.db', 'vectors'])
      await expectWhole(wanted)
    },
  )
})

test('a switch refuses a library that is not closed', async () => {
  const generations = embeddedGenerations(folder, {})
  const store = await generations.open(former)
  await expect(generations.promote(wanted)).rejects.toMatchObject({ code: 'store_unavailable' })
  await store.close()
  expect(await generations.promote(wanted)).toBeNull()
  await expectWhole(wanted)
})

test('what is left of a re-index for another embedder is not taken over', async () => {
  const generations = embeddedGenerations(folder, {})
  await mkdir(at('next'), { recursive: true })
  const other = await generations.openNext({ embedderId: 'yet-another@4', dimensions: 4 })
  expect(await other.count()).toBe(0)
  await other.close()
})
