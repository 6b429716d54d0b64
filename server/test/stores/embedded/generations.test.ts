import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { untilIdle } from '../../support/stores.ts'
import {
  describeGenerations,
  expectInUse,
  previous,
  recordsOf,
  target,
} from '../../conformance/stores/generations.ts'
import type { Library } from '../../../src/stores/image-store.ts'
import openEmbeddedGenerations from '../../../src/stores/embedded/index.ts'

describeGenerations('embedded', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-generations-'))
  return {
    restart: () => openEmbeddedGenerations(dataDir, {}),
    dispose: () => rm(dataDir, { recursive: true, force: true }),
  }
})

/** A data folder as it is when both libraries were closed, and nothing was switched yet. */
let closed: string
beforeAll(async () => {
  closed = await mkdtemp(join(tmpdir(), 'lookalike-generations-'))
  const generations = openEmbeddedGenerations(closed, {})
  const stores = [await generations.open(previous), await generations.openNext(target)] as const
  await stores[0].upsert(recordsOf(previous))
  await stores[1].upsert(recordsOf(target))
  for (const store of stores) {
    await untilIdle(store)
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
  ['the previous index is gone', () => remove(at('vectors'))],
  ['the library is in its place', () => rename(at('next', 'library.db'), at('library.db'))],
  ['the index is in its place', () => rename(at('next', 'vectors'), at('vectors'))],
  ['the empty folder is gone', () => remove(at('next'))],
]

const expectWhole = (library: Library) => expectInUse(openEmbeddedGenerations(folder, {}), library)

describe('a start after a crash in a switch', () => {
  test('before it begins, finds the previous library, and the new one as far as it was', async () => {
    await expectWhole(previous)
    const next = await openEmbeddedGenerations(folder, {}).openNext(target)
    expect(await next.count()).toBe(recordsOf(target).length)
    await next.close()
  })

  test.each(steps.map(([name], index) => [name, index] as const))(
    'after %s, finds the new library whole and nothing beside it',
    async (_, last) => {
      for (const [, step] of steps.slice(0, last + 1)) await step()
      await expectWhole(target)
      expect((await readdir(folder)).toSorted()).toEqual(['library.db', 'vectors'])
      await expectWhole(target)
    },
  )
})

test('a switch refuses a library that is not closed', async () => {
  const generations = openEmbeddedGenerations(folder, {})
  const store = await generations.open(previous)
  await expect(generations.promote(target)).rejects.toMatchObject({ code: 'store_unavailable' })
  await store.close()
  expect(await generations.promote(target)).toBeNull()
  await expectWhole(target)
})

test('what is left of a re-index for another embedder is not taken over', async () => {
  const generations = openEmbeddedGenerations(folder, {})
  await mkdir(at('next'), { recursive: true })
  const other = await generations.openNext({ embedderId: 'yet-another@4', dimensions: 4 })
  expect(await other.count()).toBe(0)
  await other.close()
})
