import { fork } from 'node:child_process'
import { once } from 'node:events'
import { loadConfig } from '../../server/src/config.ts'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import type { Work } from './report.ts'

/**
 * A process that decodes and embeds pictures and does nothing else: no HTTP, no hash, no thumbnail, no
 * store. Decoding and embedding run in as many threads as they have in the server.
 *
 * @param width pictures in flight at a time
 */
export function startBare(width: number) {
  const child = fork(import.meta.filename, [`${width}`])
  const died = new AbortController()
  child.once('exit', () => died.abort(new Error('The process of bare work has ended.')))
  return {
    async measure(paths: string[]): Promise<Work> {
      child.send(paths)
      const [work] = (await once(child, 'message', { signal: died.signal })) as [Work]
      return work
    },
    stop: () => child.kill(),
  }
}

if (import.meta.main) {
  const width = Number(process.argv[2])
  const { MAX_MEGAPIXELS } = loadConfig({})
  const embedder = openVisualEmbedder()
  const signal = new AbortController().signal
  process.on('message', (paths: string[]) => {
    void workThrough(paths.values()).then((work) => process.send!(work))
  })

  async function workThrough(queue: Iterable<string>): Promise<Work> {
    const started = performance.now()
    const before = process.cpuUsage()
    const hand = async () => {
      for (const path of queue) {
        await embedder.embedImage(await decodeImage(path, MAX_MEGAPIXELS), { signal })
      }
    }
    await Promise.all(Array.from({ length: width }, hand))
    const { user, system } = process.cpuUsage(before)
    return {
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: (user + system) / 1e6,
    }
  }
}
