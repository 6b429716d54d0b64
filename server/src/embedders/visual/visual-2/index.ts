import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { NormalisedImage } from '../../../images/image.ts'
import { squareOf } from '../../../images/square.ts'
import { noUsage, type Embedded, type EmbedContext, type Embedder } from '../../embedder.ts'
import { embedderId, loadModel } from './model.ts'
import { vectorLength } from './parts.ts'
import type { VisualResult, VisualTask } from './worker.ts'

/** A thread holds about 40 MB; beyond four, a library is filled faster than a disk delivers it. */
const mostThreads = 4
const idleTimeoutMs = 30_000

/** Of the process, however often it opens the embedder: each holds the whole model. */
let threads: Piscina<VisualTask, VisualResult> | undefined

/**
 * The built-in embedder before visual:3, for libraries that it made and until they are re-embedded: classical
 * descriptors computed on this machine. Likeness means shared shapes, textures, colours and layout; the description says what
 * was measured.
 *
 * Pictures are described in threads, because each takes tens of milliseconds during which an HTTP
 * server in the same thread would answer nobody. Idle threads do not keep a process alive.
 *
 * @throws Error when the constants file is damaged or made for another version
 */
export default function openVisual2Embedder(): Embedder {
  // Threads would only say so when the first picture comes.
  loadModel()
  const concurrency = Math.min(mostThreads, availableParallelism())
  const pool = (threads ??= startThreads(concurrency))

  async function embedImage(
    image: NormalisedImage,
    { signal, onStage }: EmbedContext,
  ): Promise<Embedded> {
    onStage?.('embed')
    signal.throwIfAborted()
    const rgb = await squareOf(image)
    signal.throwIfAborted()
    const { width, height } = image.source
    return { ...(await pool.run({ rgb, width, height })), usage: noUsage }
  }

  return {
    id: embedderId,
    dimensions: vectorLength,
    capabilities: { text: 'none', describes: 'visual', embeds: 'pictures' },
    concurrency,
    keepsDescriptionsOf: (id) => id === embedderId || !id.startsWith('visual:'),
    embedImage,
  }
}

function startThreads(most: number) {
  const pool = new Piscina<VisualTask, VisualResult>({
    filename: fileURLToPath(new URL('./worker.ts', import.meta.url)),
    minThreads: 1,
    maxThreads: most,
    idleTimeout: idleTimeoutMs,
  })
  // A further thread that the system refuses is no reason to end: those there are go on.
  return pool.on('error', () => {})
}
