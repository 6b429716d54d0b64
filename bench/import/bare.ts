import { loadConfig } from '../../server/src/config.ts'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { decodeImage } from '../../server/src/images/decode.ts'

/**
 * Pictures per second when they are decoded and embedded and nothing else: no HTTP, no hash, no
 * thumbnail, no store. Run in a process of its own, so that it has the machine as the server has it.
 */
export async function measureBare(paths: string[], width: number): Promise<number> {
  const { MAX_MEGAPIXELS } = loadConfig({})
  const embedder = openVisualEmbedder()
  const signal = new AbortController().signal
  const queue = paths.values()
  const hand = async () => {
    for (const path of queue) {
      await embedder.embedImages([await decodeImage(path, MAX_MEGAPIXELS)], { signal })
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: width }, hand))
  return (paths.length * 1000) / (performance.now() - started)
}

if (import.meta.main) {
  const [width, ...paths] = process.argv.slice(2)
  console.log(await measureBare(paths, Number(width)))
  process.exit()
}
