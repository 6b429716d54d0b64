import { readdirSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { randomNumbers, randomVector } from '../../support/crash-operations.ts'
import { untilIdle } from '../../support/stores.ts'
import { dot, leaning, library, record } from '../../conformance/stores/fixtures.ts'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import type { VectorRecord } from '../../../src/records/record.ts'
import { openEmbeddedStore } from '../../../src/stores/embedded/store.ts'
import { IndexFolder } from '../../../src/stores/embedded/vector-index/index-folder.ts'
import { VectorIndex } from '../../../src/stores/embedded/vector-index/vector-index.ts'

const options = { graphFrom: 50 }
let folder: string
let vectors: string
let store: ImageStore | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  vectors = join(folder, 'vectors')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await store?.close()
  store = undefined
  await rm(folder, { recursive: true, force: true })
})

const open = async (changes = {}) =>
  (store = await openEmbeddedStore(folder, library, { ...options, ...changes }))
const made = (from: number, to: number, turn = 0) =>
  Array.from({ length: to - from }, (_, index) =>
    record(`kept-${from + index}`, { vector: randomVector(randomNumbers(from + index + turn)) }),
  )

/** Searches answer exactly; those of an index in order do so from the index. */
async function expectExact(all: VectorRecord[]): Promise<void> {
  for (const query of [leaning(0, 0.3), leaning(5, 0.7)]) {
    const scores = all.map((each) => dot(each.vector, query)).sort((a, b) => b - a)
    const hits = await store!.search({ vector: query, limit: 20 })
    expect(hits.map(({ score }) => score)).toEqual(
      scores.slice(0, 20).map((score) => expect.closeTo(score, 5)),
    )
  }
}

async function expectRebuilt(all: VectorRecord[]): Promise<void> {
  expect(await store!.health()).toMatchObject({
    status: 'degraded',
    detail: expect.stringMatching(/being rebuilt \(\d+ %\); searches are exact/) as string,
  })
  await expectExact(all)
  await untilIdle(store!)
  expect((await store!.health()).status).toBe('ok')
  await expectExact(all)
}

test('it is at rest when its graph takes nothing in, which closing would wait for', async () => {
  await open()
  await store!.upsert(made(0, 400))
  const taking = await store!.health()
  await store!.atRest!()
  expect([taking.busy, (await store!.health()).busy]).toEqual([true, false])
})

describe('the index is used again, at once, when it was closed in order', () => {
  test('and nothing was written since', async () => {
    await (await open()).upsert(made(0, 300))
    await store!.close()
    const renewed = vi.spyOn(VectorIndex, 'create')
    await open()
    expect((await store!.health()).status).toBe('ok')
    await expectExact(made(0, 300))
    await untilIdle(store!)
    expect(renewed).not.toHaveBeenCalled()
  })

  test('also while it is written again during the comparison', async () => {
    await (await open()).upsert(made(0, 600))
    await store!.close()
    const renewed = vi.spyOn(VectorIndex, 'create')
    await open()
    await store!.upsert(made(100, 200, 5000))
    await store!.delete(made(0, 50).map(({ id }) => id))
    await untilIdle(store!)
    expect(renewed).not.toHaveBeenCalled()
    await expectExact([...made(50, 100), ...made(100, 200, 5000), ...made(200, 600)])
  })
})

describe('the index is rebuilt while searches answer exactly', () => {
  const all = made(0, 300)
  const files = () =>
    readdirSync(join(vectors, 'collection'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))

  test.each<[string, () => Promise<unknown>]>([
    ['is missing', () => rm(vectors, { recursive: true })],
    [
      'is a file',
      () => rm(vectors, { recursive: true }).then(() => writeFile(vectors, 'no folder')),
    ],
    ['holds garbage', async () => files().forEach((file) => writeFileSync(file, 'garbage'))],
    ['is cut short', async () => Promise.all(files().map((file) => truncate(file, 10)))],
    ['ended two processes that opened it', () => writeFile(join(vectors, 'attempts'), '2')],
    ['lost its seal', () => rm(join(vectors, 'seal'))],
  ])('when the folder %s', async (_, damage) => {
    await (await open()).upsert(all)
    await untilIdle(store!)
    await store!.close()
    await damage()
    await open()
    await expectRebuilt(all)
  })

  test.each<[string, () => Promise<void>]>([
    ['are missing', () => rm(join(vectors, 'codes'))],
    ['are cut short', () => truncate(join(vectors, 'codes'), 10_000)],
  ])('when its codes %s', async (_, damage) => {
    await (await open()).upsert(all)
    await untilIdle(store!)
    await store!.close()
    await damage()
    const renewed = vi.spyOn(VectorIndex, 'create')
    await open()
    await expectExact(all)
    await untilIdle(store!)
    expect(renewed).toHaveBeenCalledOnce()
    await expectExact(all)
  })

  test('when an older copy of the folder was put back', async () => {
    await (await open()).upsert(all)
    await store!.close()
    await cp(vectors, `${vectors}-old`, { recursive: true })
    await (await open()).upsert(made(250, 350, 5000))
    await store!.delete(made(0, 50).map(({ id }) => id))
    await store!.close()
    await rm(vectors, { recursive: true })
    await cp(`${vectors}-old`, vectors, { recursive: true })
    await open()
    await expectRebuilt([...made(50, 250), ...made(250, 350, 5000)])
  })

  test('when an older library.db was put back', async () => {
    await (await open()).upsert(all)
    await store!.close()
    const library = join(folder, 'library.db')
    await cp(library, `${library}-old`)
    await (await open()).upsert(made(300, 400))
    await store!.close()
    await cp(`${library}-old`, library)
    await open()
    await expectRebuilt(all)
  })

  test('when vectors are to be kept another way', async () => {
    await (await open()).upsert(all)
    await store!.close()
    await open({ quantization: 'none' })
    await expectRebuilt(all)
  })

  test('when it differs from the library although it is sealed', async () => {
    const put = vi.spyOn(VectorIndex.prototype, 'put').mockImplementation(() => {})
    await (await open()).upsert(made(0, 20))
    put.mockRestore()
    await store!.upsert(made(20, 300))
    await store!.delete([])
    await store!.close()
    await open()
    await expectRebuilt([...made(0, 20), ...made(20, 300)])
  })
})

describe('an index that fails in use is rebuilt in the background', () => {
  const all = made(0, 300)
  const failing = () => {
    throw new Error('The engine failed.')
  }

  /** It may be there again when the write has been acknowledged, which waits for the disk. */
  async function expectMadeAnew(write: () => Promise<unknown>): Promise<void> {
    const recreate = vi.spyOn(IndexFolder.prototype, 'recreate')
    await write()
    await expect.poll(() => recreate.mock.calls.length).toBe(1)
    await expectExact(all)
    await untilIdle(store!)
    expect((await store!.health()).status).toBe('ok')
    await expectExact(all)
  }

  test('when it refuses a write: the write is kept', async () => {
    await (await open()).upsert(made(0, 200))
    vi.spyOn(VectorIndex.prototype, 'put').mockImplementationOnce(failing)
    await expectMadeAnew(() => store!.upsert(made(200, 300)))
  })

  test('when it refuses a removal', async () => {
    await (await open()).upsert(made(0, 310))
    vi.spyOn(VectorIndex.prototype, 'remove').mockImplementationOnce(failing)
    await expectMadeAnew(() => store!.delete(made(300, 310).map(({ id }) => id)))
  })

  test('when it cannot answer: the search is answered by comparing', async () => {
    await (await open()).upsert(all)
    await untilIdle(store!)
    vi.spyOn(VectorIndex.prototype, 'nearest').mockRejectedValueOnce(
      new Error('The engine failed.'),
    )
    await expectExact(all)
    await untilIdle(store!)
    await expectExact(all)
  })

  test('when it cannot be optimised', async () => {
    const optimise = vi
      .spyOn(VectorIndex.prototype, 'optimise')
      .mockRejectedValueOnce(new Error('The engine failed.'))
    await (await open()).upsert(all)
    await untilIdle(store!)
    expect(optimise.mock.calls.length).toBeGreaterThan(1)
    await expectExact(all)
  })

  test('when it fails again while it is being rebuilt', async () => {
    await (await open()).upsert(all)
    vi.spyOn(VectorIndex.prototype, 'put')
      .mockImplementationOnce(failing)
      .mockImplementationOnce(failing)
    await store!.upsert(made(0, 1))
    await expectRebuilt(all)
  })
})

/** The share of the ten nearest, of some queries, that are found. */
async function recall(all: VectorRecord[]): Promise<number> {
  const random = randomNumbers(1)
  let found = 0
  for (let query = 0; query < 50; query++) {
    const vector = randomVector(random)
    const scores = all.map((each) => dot(each.vector, vector)).sort((a, b) => b - a)
    const hits = await store!.search({ vector, limit: 10 })
    found += hits.filter(({ score }) => score >= scores[9]! - 1e-5).length
  }
  return found / 500
}

describe('the ten nearest are found', () => {
  const held = new Map<string, VectorRecord>()
  const put = async (records: VectorRecord[]) => {
    await store!.upsert(records)
    for (const each of records) held.set(each.id, each)
  }
  const remove = async (records: VectorRecord[]) => {
    await store!.delete(records.map(({ id }) => id))
    for (const { id } of records) held.delete(id)
  }
  beforeEach(() => held.clear())

  test('also of what is written while the index answers', async () => {
    await open({ quantization: 'none' })
    await put(made(0, 300))
    await untilIdle(store!)
    const [nearest, second] = [...held.values()]
    const { nearest: ask } = VectorIndex.prototype
    const asked = vi.spyOn(VectorIndex.prototype, 'nearest')
    asked.mockImplementationOnce(async function (this: VectorIndex, ...question) {
      const found = await ask.apply(this, question)
      await put([{ ...nearest!, vector: nearest!.vector.map((value) => -value) }])
      await remove([second!])
      return found
    })
    const hits = await store!.search({ vector: nearest!.vector, limit: 10 })
    const scores = [...held.values()].map((each) => dot(each.vector, nearest!.vector))
    expect(hits.map(({ score }) => score)).toEqual(
      scores
        .sort((a, b) => b - a)
        .slice(0, 10)
        .map((score) => expect.closeTo(score, 5)),
    )
    expect(asked.mock.calls.length).toBeGreaterThan(1)
  })

  test('when some were replaced and deleted before there was a graph', async () => {
    await open({ graphFrom: 1_000 })
    await put(made(0, 980))
    await put(made(100, 130, 5000))
    await remove(made(0, 30))
    await put(made(980, 1200))
    await untilIdle(store!)
    expect(await recall([...held.values()])).toBeGreaterThanOrEqual(0.99)
  })

  test('after a third was replaced and a fifth deleted, while it is optimised and later', async () => {
    await open({ graphFrom: 1_000 })
    await put(made(0, 1500))
    for (let round = 0; round < 10; round++) {
      await put(made(round * 50, (round + 1) * 50, 5000))
      await remove(made(500 + round * 30, 530 + round * 30))
      expect(await recall([...held.values()])).toBeGreaterThanOrEqual(0.99)
    }
    await untilIdle(store!)
    expect(await recall([...held.values()])).toBeGreaterThanOrEqual(0.99)
    await store!.close()
    await open({ graphFrom: 1_000 })
    expect(await recall([...held.values()])).toBeGreaterThanOrEqual(0.99)
  })
})
