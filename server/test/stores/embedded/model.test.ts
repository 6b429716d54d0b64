import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Filter } from '../../../src/records/filter.ts'
import type { ImageRecord, Metadata } from '../../../src/records/record.ts'
import { openEmbeddedStore } from '../../../src/stores/embedded/store.ts'
import type { Hit, ImageStore } from '../../../src/stores/image-store.ts'
import { record } from '../../conformance/stores/fixtures.ts'
import { memoryStore } from '../../fakes/memory-store.ts'
import { crashLibrary, randomNumbers, randomVector } from '../../support/crash-operations.ts'

/** `npm run test:model` does 200,000, with a seed of the day unless MODEL_SEED names one. */
const operations = Number(process.env['MODEL_OPERATIONS'] ?? 3_000)
const seed = Number(process.env['MODEL_SEED'] ?? 1)
/** Most by comparing alone, some over a graph of a few hundred vectors that change all the time. */
const parts = [
  { graphFrom: 10_000, steps: Math.ceil(operations * 0.85) },
  { graphFrom: 40, steps: Math.ceil(operations * 0.15) },
]
const names = 300

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test.each(parts)(
  `$steps operations of seed ${seed}, a graph from $graphFrom vectors on, end as they do in memory`,
  async ({ graphFrom, steps }) => {
    const random = randomNumbers(seed)
    const data = join(folder, 'data')
    const open = () => openEmbeddedStore(data, crashLibrary, { graphFrom })
    const model = memoryStore(crashLibrary)
    let store = await open()
    const pick = (below: number) => Math.floor(random() * below)
    const some = () => Array.from({ length: 1 + pick(5) }, () => record(`model-${pick(names)}`).id)
    const metadata = (): Metadata => ({
      n: pick(10),
      tags: ['a', `b${pick(3)}`],
      ...(random() < 0.2 && { nested: { deep: pick(2) } }),
    })
    const filter = (): Filter | undefined => {
      const kind = pick(6)
      if (kind === 0) return { must: [{ key: 'n', range: { gte: pick(10) } }] }
      if (kind === 1) return { must: [{ key: 'tags', match: { value: `b${pick(3)}` } }] }
      if (kind === 3) return { should: [{ is_empty: { key: 'nested.deep' } }, { key: 'n', match: { value: 1 } }] } // prettier-ignore
      if (kind === 2) return { must_not: [{ key: 'n', match: { any: [pick(10), pick(10)] } }] }
      return undefined
    }
    const both = async <T>(ask: (asked: ImageStore) => Promise<T>): Promise<[T, T]> => [
      await ask(store),
      await ask(model),
    ]
    const same = async (what: string, ask: (asked: ImageStore) => Promise<unknown>) => {
      const [is, should] = await both(ask)
      expect(is, what).toEqual(should)
    }
    const sorted = (records: ImageRecord[]) => records.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const where = () => {
      const chosen = filter()
      return chosen ? { filter: chosen } : {}
    }

    for (let step = 0; step < steps; step++) {
      const at = `step ${step} of seed ${seed}`
      const kind = random()
      if (kind < 0.35) {
        const records = Array.from({ length: 1 + pick(5) }, () =>
          record(`model-${pick(names)}`, {
            metadata: metadata(),
            description: `Step ${step}`,
            vector: randomVector(random),
          }),
        )
        const distinct = [...new Map(records.map((each) => [each.id, each])).values()]
        await both((asked) => asked.upsert(distinct))
      } else if (kind < 0.45) {
        const [id] = some()
        const changed = metadata()
        await same(at, (asked) => asked.setMetadata(id!, changed))
      } else if (kind < 0.55) {
        const ids = [...new Set(some())]
        await same(at, (asked) => asked.delete(ids))
      } else if (kind < 0.75) {
        const query = { vector: randomVector(random), limit: 1 + pick(10), ...where() }
        const [is, should] = await both((asked) => asked.search(query))
        expectScores(is, should, at)
        await same(at, (asked) => asked.getWithVectors(is.map((hit) => hit.record.id)))
      } else if (kind < 0.8) {
        const ids = some()
        await same(at, (asked) => asked.get(ids))
      } else if (kind < 0.86) {
        const { filter: chosen } = where()
        await same(at, (asked) => asked.count(chosen))
      } else if (kind < 0.9) {
        const { filter: chosen } = where()
        await same(at, (asked) => asked.facets('tags', 10, chosen))
      } else if (kind < 0.94) {
        const page = { limit: names, ...where() }
        await same(at, async (asked) => sorted((await asked.list(page)).records))
      } else if (kind < 0.97) {
        const { sha256 } = record(`model-${pick(names)}`).file!
        await same(at, (asked) => asked.findByContentHash([sha256]))
      } else if (kind < 0.974) {
        await store.close()
        store = await open()
      } else if (kind < 0.975) {
        await expectSnapshot(store, model, data, graphFrom)
      }
    }
    await same('the end', async (asked) => sorted((await asked.list({ limit: names })).records))
    await store.close()
  },
  operations * 20 + 30_000,
)

/** Equal scores may come in any order, so records are compared apart. */
function expectScores(is: Hit[], should: Hit[], at: string): void {
  const scores = should.map(({ score }) => expect.closeTo(score, 5) as number)
  expect(
    is.map(({ score }) => score),
    at,
  ).toEqual(scores)
}

/** A snapshot, put in the place of a library, is the library as it was. */
async function expectSnapshot(
  store: ImageStore,
  model: ImageStore,
  data: string,
  graphFrom: number,
): Promise<void> {
  const { file, images } = await store.snapshot!()
  expect(images).toBe(await model.count())
  const copy = join(data, '../copy')
  await rm(copy, { recursive: true, force: true })
  await mkdir(copy)
  cpSync(join(data, file), join(copy, 'library.db'))
  await rm(join(data, file))
  const copied = await openEmbeddedStore(copy, crashLibrary, { graphFrom })
  const ids = (await model.list({ limit: names })).records.map(({ id }) => id)
  expect(await copied.getWithVectors(ids)).toEqual(await model.getWithVectors(ids))
  await copied.close()
}
