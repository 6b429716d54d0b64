import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import { openQdrantStore } from '../../../src/stores/qdrant/store.ts'
import { leaning, library } from '../../conformance/stores/fixtures.ts'
import { type Cluster, healed, startCluster } from './cluster.ts'
import { binary } from './server.ts'
import { eventually, expectAll, Writers } from './writers.ts'

const kills = 9
const collection = 'three-nodes'
const settings = {
  shardNumber: 6,
  replicationFactor: 3,
  writeConsistencyFactor: 2,
  readConsistency: 'majority',
} as const

describe.skipIf(!binary)('over three nodes of QDRANT_BIN', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  }, 120_000)
  afterAll(() => cluster.dispose())

  const open = (url = cluster.url): Promise<ImageStore> =>
    openQdrantStore({ url, collection, settings }, library)

  test(
    `${kills} kills of a node: nothing acknowledged is lost, no search fails, all nodes agree`,
    async () => {
      const stores = [await open(), await open()]
      const writers = new Writers(stores)
      let searches = 0
      let over = false
      const searching = (async () => {
        await eventually(async () => expect(writers.acknowledged.length).toBeGreaterThan(0))
        while (!over) {
          // A search that fails ends the test.
          const reads = stores[searches % 2]!.forAnswer({})
          await reads.search({ vector: leaning(searches++, 0), limit: 5 })
          await sleep(20)
        }
      })()
      const guarded = searching.then(
        () => null,
        (error: unknown) => error,
      )
      for (let kill = 0; kill < kills; kill++) {
        const node = cluster.nodes[kill % cluster.nodes.length]!
        await sleep(1_000)
        await node.kill()
        await sleep(1_000)
        await node.start()
        await healed(cluster.nodes, collection)
      }
      await writers.stop()
      over = true
      expect(await guarded).toBeNull()
      expect(searches).toBeGreaterThan(kills)
      expect(writers.acknowledged.length).toBeGreaterThan(kills)
      await healed(cluster.nodes, collection)
      for (const store of stores) await eventually(() => expectAll(store, writers.acknowledged))
      // Each node alone has everything: a read of one copy asks that of the node itself.
      for (const { url } of cluster.nodes) {
        const alone = { url, collection, settings: { ...settings, readConsistency: 1 } }
        const store = await openQdrantStore(alone, library)
        await expectAll(store, writers.acknowledged)
        await store.close()
      }
      await Promise.all(stores.map((store) => store.close()))
    },
    kills * 60_000,
  )

  test('a snapshot has every shard', async () => {
    const store = await open()
    const { file, images } = await store.snapshot!()
    expect(file).toMatch(/\/snapshots\/\S+/)
    expect(images).toBe(await store.count())
    await store.close()
  })
})
