import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { loadConfig } from '../../server/src/config.ts'
import { openGraph } from '../../server/src/graph/registry.ts'
import { openLibraryGraph } from '../../server/src/library/graph/open.ts'
import type { VectorRecord } from '../../server/src/records/record.ts'
import { openGenerations } from '../../server/src/stores/registry.ts'
import { recordsOf } from './records.ts'

/**
 * Writes the records by the store's contract, the graph following, and returns how many a second.
 *
 * @param change what a benchmark wants otherwise in a record, which is that of a number
 */
export async function fill(
  settings: Record<string, string>,
  images: number,
  change: (record: VectorRecord, number: number) => VectorRecord = (record) => record,
): Promise<number> {
  const { id: embedderId, dimensions } = openVisualEmbedder()
  const library = { embedderId, dimensions }
  const config = loadConfig(settings)
  const publicUrl = `http://${config.HOST}:${config.PORT}`
  const opened = await (await openGenerations(config, config.DATA_DIR)).open(library)
  const { store } = openLibraryGraph(await openGraph(config, config.DATA_DIR), opened, {
    dataDir: config.DATA_DIR,
    publicUrl,
    properties: config.GRAPH_PROPERTIES,
  })
  let ms = 0
  let done = 0
  for (const records of recordsOf(images, library)) {
    const started = performance.now()
    await store.upsert(records.map((record, at) => change(record, done + at)))
    ms += performance.now() - started
    done += records.length
    if (done % 20_000 === 0) console.error(`${done} of ${images} records`)
  }
  await store.close()
  return (images * 1000) / ms
}
