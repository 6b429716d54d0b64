import { readFile } from 'node:fs/promises'
import { loadConfig } from '../../server/src/config.ts'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import type { Work } from './report.ts'

/**
 * What pictures take when they are decoded and embedded and nothing else: no HTTP, no hash, no
 * thumbnail, no store. Decoding and embedding run in as many threads as they have in the server.
 *
 * @param width pictures in flight at a time
 */
async function measureBare(paths: string[], width: number): Promise<Work> {
  const { MAX_MEGAPIXELS } = loadConfig({})
  const embedder = openVisualEmbedder()
  const signal = new AbortController().signal
  const embed = async (path: string) => {
    await embedder.embedImages([await decodeImage(path, MAX_MEGAPIXELS)], { signal })
  }
  const workThrough = async (some: string[]) => {
    const queue = some.values()
    const hand = async () => {
      for (const path of queue) await embed(path)
    }
    await Promise.all(Array.from({ length: width }, hand))
  }
  // A server that is ready has its threads, and code that has been compiled.
  await workThrough(paths.slice(0, 2 * width))
  const started = performance.now()
  const before = process.cpuUsage()
  await workThrough(paths)
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  return { seconds, cpuSeconds: (user + system) / 1e6 }
}

/** Run by itself, so that it has the machine as the server has it. */
if (import.meta.main) {
  const [width, list] = process.argv.slice(2) as [string, string]
  const paths = (await readFile(list, 'utf8')).split('\n')
  console.log(JSON.stringify(await measureBare(paths, Number(width))))
  process.exit()
}
