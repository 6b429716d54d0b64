import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { startServer } from '../server.ts'
import type { AskerTask } from './asker.ts'
import type { Stalls } from './watch.ts'

/** What was seen of a server while it did something. */
export interface Seen extends Stalls {
  /** Answers to plain searches meanwhile, ms. */
  readonly searches: readonly number[]
  readonly seconds: number
}

/** A server that is watched from inside, with somebody who searches in it all the while. */
export async function startWatched(
  dataDir: string,
  settings: Record<string, string>,
  ids: readonly string[],
) {
  const socket = join(tmpdir(), `lookalike-stalls-${randomUUID()}.sock`)
  const watch = join(import.meta.dirname, 'watch.ts')
  const server = await startServer(dataDir, { ...settings, STALLS_SOCKET: socket }, [
    '--import',
    watch,
  ])
  const asker = new Worker(new URL('./asker.ts', import.meta.url), {
    workerData: { url: server.url, ids } satisfies AskerTask,
  })
  const failed = new Promise<never>((_, reject) => asker.once('error', reject))
  failed.catch(() => {})
  const answers = () =>
    new Promise<number[]>((resolve) => {
      asker.once('message', resolve)
      asker.postMessage('read')
    })
  const stalls = async () => JSON.parse(await text(connect(socket))) as Stalls

  return {
    url: server.url,
    /** Does something, and says how the server was meanwhile. */
    async during(work: () => Promise<unknown>): Promise<Seen> {
      await Promise.all([stalls(), answers()])
      const began = performance.now()
      await Promise.race([work(), failed])
      const seconds = (performance.now() - began) / 1000
      // A search that waits for the work to be over is part of what is seen.
      await setTimeout(50)
      const [seen, searches] = await Promise.all([stalls(), answers()])
      return { ...seen, searches, seconds }
    },
    async stop(): Promise<void> {
      await asker.terminate()
      await server.stop()
    },
  }
}

export type WatchedServer = Awaited<ReturnType<typeof startWatched>>
