import { expect, test } from 'vitest'
import { memoryStore } from '../fakes/memory-store.ts'
import { describeImageStore } from '../conformance/stores/image-store.ts'
import { library, record } from '../conformance/stores/fixtures.ts'
import type { VectorRecord } from '../../src/records/record.ts'
import { SwitchingStore } from '../../src/library/in-use/switching-store.ts'

const { embedderId } = library
const open = (records = new Map<string, VectorRecord>()) => memoryStore(library, records)

// Whoever holds it must not notice that there is something between.
describeImageStore('switching', async (opened) => {
  const store = memoryStore(opened, new Map())
  const switching = new SwitchingStore({ store, embedderId: opened.embedderId })
  return { store: switching, dispose: async () => {} }
})

test('calls under way are finished before an exchange, and later ones wait for it', async () => {
  const events: string[] = []
  const counting = (name: string, records: number, begin: Promise<void>) => ({
    ...open(),
    async count() {
      await begin
      events.push(`counted ${name}`)
      return records
    },
  })
  const slow = Promise.withResolvers<void>()
  const store = new SwitchingStore({ store: counting('the previous', 1, slow.promise), embedderId })
  const before = store.count()
  const exchange = store.hold(async () => {
    events.push('exchanged')
    store.replace({ store: counting('the next', 2, Promise.resolve()), embedderId })
  })
  const after = store.count()
  slow.resolve()
  expect([await before, await after]).toEqual([1, 2])
  await exchange
  expect(events).toEqual(['counted the previous', 'exchanged', 'counted the next'])
})

test('whoever asks one call after the other leaves turns to others, also where each is answered at once', async () => {
  const store = new SwitchingStore({
    store: {
      ...open(),
      async count() {
        for (const began = performance.now(); performance.now() - began < 3;);
        return 1
      },
    },
    embedderId,
  })
  let turns = 0
  let other = setImmediate(function again() {
    turns++
    other = setImmediate(again)
  })
  for (let n = 0; n < 20; n++) await store.count()
  clearImmediate(other)
  expect(turns).toBeGreaterThan(2)
})

test('a snapshot under way holds an exchange up, and nobody else', async () => {
  const copy = Promise.withResolvers<{ file: string; images: number; bytes: number }>()
  const store = new SwitchingStore({
    store: { ...open(), snapshot: () => copy.promise },
    embedderId,
  })
  const taken = store.snapshot!()
  let exchanged = false
  const exchange = store.hold(async () => {
    exchanged = true
  })
  expect(await store.count()).toBe(0)
  expect(exchanged).toBe(false)
  copy.resolve({ file: 'snapshots/a.db', images: 0, bytes: 1 })
  await Promise.all([taken, exchange])
  expect(exchanged).toBe(true)
})

test('a record of the previous embedder is sent back, to be embedded again', async () => {
  const store = new SwitchingStore({ store: open(), embedderId })
  await store.hold(async () => store.replace({ store: open(), embedderId: 'another@8' }))
  const refused = store.upsert([record('fox', { embedderId })])
  await expect(refused).rejects.toMatchObject({ code: 'store_unavailable', retryAfter: 1 })
  expect(await store.count()).toBe(0)
})

test('what was written is reported once', async () => {
  const store = new SwitchingStore({ store: open(), embedderId })
  const [fox, owl] = [record('fox', { embedderId }), record('owl', { embedderId })]
  await store.upsert([fox])
  store.watch()
  expect(store.takeChanged()).toEqual([])
  await store.upsert([owl])
  await store.setMetadata(fox.id, { a: 1 })
  await store.delete([owl.id])
  expect(store.takeChanged().toSorted()).toEqual([fox.id, owl.id].toSorted())
  expect(store.takeChanged()).toEqual([])
})
