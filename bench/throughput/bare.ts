import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { loadConfig } from '../../server/src/config.ts'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { openGenerations } from '../../server/src/stores/registry.ts'
import { VectorIndex } from '../../server/src/stores/embedded/vector-index/vector-index.ts'
import { askedBy, type Asked } from './callers.ts'
import { likeIdOf } from './searches.ts'

/** What is asked without HTTP, in a process of its own. */
export interface BareTask {
  readonly settings: Record<string, string>
  readonly size: number
  readonly callers: readonly number[]
  readonly seconds: number
}

export interface BareRow extends Asked {
  readonly what: string
  readonly callers: number
  readonly cpuSeconds: number
}

/** Ten, and the picture itself. */
const wanted = 11
/** As many candidates as the store asks a rounded index for. */
const candidates = 4 * wanted
const directions = 1000

process.once('message', async ({ settings, size, callers, seconds }: BareTask) => {
  const { id: embedderId, dimensions } = openVisualEmbedder()
  const config = loadConfig(settings)
  const generations = await openGenerations(config, config.DATA_DIR)
  const store = await generations.open({ embedderId, dimensions })
  while ((await store.health()).busy) await setTimeout(200)
  const ids = Array.from({ length: directions }, (_, number) => likeIdOf(number, size))
  const vectors = (await store.getWithVectors(ids)).map(({ vector }) => vector)
  const rows: BareRow[] = []
  const measure = async (what: string, ask: (number: number) => Promise<unknown>) => {
    for (const count of callers) {
      let before = process.cpuUsage()
      const begin = () => (before = process.cpuUsage())
      const asked = await askedBy(count, seconds, (number) => ask(number).then(() => true), begin)
      const { user, system } = process.cpuUsage(before)
      rows.push({ what, callers: count, ...asked, cpuSeconds: (user + system) / 1e6 })
    }
  }
  await measure('the store, by id', async (number) => {
    const [record] = await store.getWithVectors([likeIdOf(number, size)])
    return store.search({ vector: record!.vector, limit: wanted })
  })
  await store.close()
  const folder = join(config.DATA_DIR, 'vectors', 'collection')
  const quantization = config.VECTOR_INDEX_QUANTIZATION
  const index = VectorIndex.open(folder, { dimensions, quantization })
  const count = quantization === 'none' ? wanted : candidates
  await measure('zvec alone', (number) => index.nearest(vectors[number % directions]!, count))
  index.close()
  process.send!(rows)
  process.disconnect!()
})
