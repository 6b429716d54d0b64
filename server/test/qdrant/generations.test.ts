import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeQdrant } from '../fakes/qdrant.ts'
import {
  describeGenerations,
  previous,
  recordsOf,
  target,
} from '../conformance/stores/generations.ts'
import openQdrantGenerations from '../../src/stores/qdrant/index.ts'

const optionsOf = ({ url }: FakeQdrant) => ({ url, collection: 'images', alias: 'images-in-use' })

describeGenerations('qdrant', async () => {
  const qdrant = await new FakeQdrant().start()
  return {
    restart: () => openQdrantGenerations(optionsOf(qdrant)),
    async dispose() {
      await qdrant.stop()
      expect(qdrant.violations).toEqual([])
    },
  }
})

let qdrant: FakeQdrant
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  await qdrant.stop()
  expect(qdrant.violations).toEqual([])
})

async function make(): Promise<void> {
  const generations = openQdrantGenerations(optionsOf(qdrant))
  await (await generations.open(previous)).upsert(recordsOf(previous))
  await (await generations.openNext(target)).upsert(recordsOf(target))
  await generations.promote(target)
}

test('a server that starts while Qdrant is away follows the alias once it is there', async () => {
  await make()
  await qdrant.stop()
  const generations = openQdrantGenerations(optionsOf(qdrant))
  expect(await generations.current()).toBeNull()
  const store = await generations.open(target)
  await qdrant.start()
  expect(await store.count()).toBe(3)
  await store.upsert(recordsOf(target).slice(0, 1))
  expect(qdrant.engine.collection('images').points.size).toBe(3)
})

test('a key that may not list aliases opens the collection of the settings', async () => {
  const generations = openQdrantGenerations(optionsOf(qdrant))
  await (await generations.open(previous)).upsert(recordsOf(previous))
  const refused = () => qdrant.fail({ kind: 'status', status: 403, error: 'forbidden' })
  refused()
  expect(await generations.current()).toEqual({ ...previous, records: 3 })
})

test('a collection that it did not make is never thrown away', async () => {
  await make()
  const { collections } = qdrant.engine
  const [name] = [...collections.keys()].filter((each) => each !== 'images')
  qdrant.engine.drop(name!)
  qdrant.engine.create(name!, { vectors: { size: 4, distance: 'Cosine' } })
  await openQdrantGenerations(optionsOf(qdrant)).discardNext(target)
  expect([...collections.keys()]).toEqual(['images', name])
})
