import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { LookalikeError } from '../../errors.ts'
import { resizePixels } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'
import {
  noUsage,
  type Agreement,
  type Embedded,
  type EmbedContext,
  type Embedder,
} from '../embedder.ts'
import { embedderId, loadModel, vectorLength, type LearnedModel } from './model/learned.ts'
import { nearestNames, understand } from '../../names/lookup.ts'
import { saidOtherwise } from '../../names/said-otherwise.ts'
import { boundsOf, textVector } from './names/text-vectors.ts'
import { networkVocabulary } from '../../names/vocabulary.ts'
import type { CompareTask, EmbedResult, EmbedTask } from './worker.ts'

/** A thread holds about 60 MB; beyond four, a library is filled faster than a disk delivers it. */
const mostThreads = 4
const idleTimeoutMs = 30_000

/** Of the process, however often it opens the embedder: each holds the whole model. */
let threads: Piscina<EmbedTask | CompareTask, EmbedResult | Agreement> | undefined

/** What this thread needs of the model, which is read and checked once, however often the embedder is opened. */
let model: Pick<LearnedModel, 'shape' | 'classVectors'> | undefined

/** Read here too, for threads would only say that the file is damaged when the first picture comes. */
function read(): NonNullable<typeof model> {
  const { shape, classVectors } = loadModel()
  return { shape, classVectors }
}

/**
 * The built-in embedder: a small network computed in integers on this machine. No key, no calls, nothing to download.
 * Likeness means showing the same things in the same way; the description names what is probable and says what was
 * measured. It understands the names in its vocabulary.
 *
 * Pictures are looked at in threads, because each takes milliseconds during which an HTTP server in the same thread
 * would answer nobody. Idle threads do not keep a process alive.
 *
 * @throws Error when the model's file is damaged or made for another version
 */
export default function openVisualEmbedder(): Embedder {
  const { shape, classVectors } = (model ??= read())
  const concurrency = Math.min(mostThreads, availableParallelism())
  const pool = (threads ??= startThreads(concurrency))
  const squareOf = (image: NormalisedImage) => resizePixels(image, shape.edge, shape.edge)

  async function embedImage(
    image: NormalisedImage,
    { signal, onStage }: EmbedContext,
  ): Promise<Embedded> {
    onStage?.('embed')
    signal.throwIfAborted()
    const rgb = await squareOf(image)
    signal.throwIfAborted()
    const { width, height } = image.source
    const result = (await pool.run({ kind: 'embed', rgb, width, height })) as EmbedResult
    return { ...result, usage: noUsage }
  }

  return {
    id: embedderId,
    dimensions: vectorLength,
    capabilities: { text: 'names', describes: 'semantic', embeds: 'pictures' },
    concurrency,
    keepsDescriptionsOf: (id) => id === embedderId || !id.startsWith('visual:'),
    vocabulary: networkVocabulary,
    embedImage,
    async embedNames(text: string, { onStage }: EmbedContext) {
      onStage?.('embed')
      const asked = understood(text)
      const vector = textVector(classVectors, asked)
      return { vector, description: text, usage: noUsage, bounds: boundsOf(asked) }
    },
    readNames(text: string) {
      const { asked, unknown } = understand(text, networkVocabulary())
      const known = asked.map((each) => ({
        ...each,
        names: saidOtherwise(each.entries, networkVocabulary()),
      }))
      return { known, unknown }
    },
    async compare(one: NormalisedImage, other: NormalisedImage, { signal }: EmbedContext) {
      const pair = await Promise.all([squareOf(one), squareOf(other)])
      signal.throwIfAborted()
      return (await pool.run({ kind: 'compare', pair })) as Agreement
    },
  }
}

function startThreads(most: number) {
  const pool = new Piscina<EmbedTask | CompareTask, EmbedResult | Agreement>({
    filename: fileURLToPath(new URL('./worker.ts', import.meta.url)),
    minThreads: 1,
    maxThreads: most,
    idleTimeout: idleTimeoutMs,
  })
  // A further thread that the system refuses is no reason to end: those there are go on.
  return pool.on('error', () => {})
}

/** @throws LookalikeError `unknown_words`, naming them and the nearest that are known */
function understood(text: string) {
  const { asked, unknown } = understand(text, networkVocabulary())
  if (unknown.length > 0) {
    const words = unknown.map(({ said }) => ({
      word: said,
      nearest: nearestNames(said, networkVocabulary()),
    }))
    const named = words.map(({ word, nearest }) => {
      const near = nearest.length > 0 ? ` (nearest known: ${nearest.join(', ')})` : ''
      return `"${word.toLowerCase()}"${near}`
    })
    throw new LookalikeError(
      'unknown_words',
      `The built-in embedder knows about 1,300 names of things, and not ${named.join(' or ')}. ` +
        'GET /api/vocabulary lists them. Any words at all are understood with EMBEDDER=openai, local or server.',
      { words },
    )
  }
  if (!asked.some(({ wanted }) => wanted)) {
    throw new LookalikeError(
      'unknown_words',
      'The text names nothing to look for. Say what pictures should show, such as "duck not swan"; ' +
        'GET /api/vocabulary lists the names.',
    )
  }
  return asked
}
