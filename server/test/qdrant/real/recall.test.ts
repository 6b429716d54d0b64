import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dataset, type FilterKey } from '../../../../bench/store/dataset.ts'
import { openOnQdrant } from '../../../../bench/store/engines/lookalike-qdrant.ts'
import { binary, RealQdrant } from './server.ts'

const size = 100_000
const dataFolder = join(import.meta.dirname, '../../../../bench/.data')

describe.skipIf(!binary)(`filters over ${size} vectors in a server of QDRANT_BIN`, () => {
  let qdrant: RealQdrant
  beforeAll(async () => {
    qdrant = await RealQdrant.start()
  })
  afterAll(() => qdrant.dispose())

  test(
    'find the neighbours, with the settings that a user gets',
    { timeout: 3_600_000 },
    async () => {
      const dataset = Dataset.open(size, dataFolder)
      const engine = await openOnQdrant(qdrant.url, dataset.dimensions, { quantization: 'none' })
      for (const items of dataset.batches(500)) await engine.insert(items)
      await engine.optimise()
      // Segments may still be merged; what is found meanwhile counts as well.
      await sleep(1_000)
      for (const key of ['half', 'twentieth', 'thousandth'] as FilterKey[]) {
        let found = 0
        let expected = 0
        for (const query of dataset.queries()) {
          const answer = new Set(await engine.searchFiltered!(query.vector, 10, key))
          const neighbours = query.filtered[key]
          found += neighbours.filter((index) => answer.has(index)).length
          expected += neighbours.length
        }
        expect(found / expected, key).toBeGreaterThanOrEqual(0.95)
      }
      await engine.close()
    },
  )
})
