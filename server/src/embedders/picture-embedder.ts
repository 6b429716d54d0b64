import { createHash } from 'node:crypto'
import type { Backlog } from '../backlog.ts'
import type { NormalisedImage } from '../images/image.ts'
import type { EmbeddingMemory } from '../state/embedding-memory.ts'
import {
  noUsage,
  type EmbedContext,
  type Embedded,
  type Embedder,
  type EmbedderHealth,
  type ImageEstimate,
  type Usage,
} from './embedder.ts'
import { SingleFlight } from './single-flight.ts'

export interface EmbeddedVector {
  /** Unit length. */
  readonly vector: Float32Array
  readonly usage: Usage
}

/** A model that makes vectors of pictures, and perhaps of texts in the same space. It describes nothing. */
export interface PictureModel {
  readonly id: string
  readonly dimensions: number
  /** Names all that shapes a vector, the copy of the picture that is looked at included. */
  readonly name: string
  /** Pictures that are worked on at once. */
  readonly concurrency: number
  embedPicture(image: NormalisedImage, signal: AbortSignal): Promise<EmbeddedVector>
  /** Absent where the model knows pictures only. */
  embedText?(text: string, signal: AbortSignal): Promise<EmbeddedVector>
  health?(): EmbedderHealth
  backlog?(): Backlog
  estimate?(): ImageEstimate
}

type Words = Pick<Embedded, 'description' | 'tags'>

/**
 * Makes an embedder of a model that looks at pictures, of another embedder that says what they show, and of a memory. A
 * model is asked once for the same thing: what it answered is remembered, and simultaneous requests share one call.
 *
 * @param describer whose descriptions and tags are taken; its vectors are not
 */
export function pictureEmbedder(
  model: PictureModel,
  describer: Embedder,
  memory: EmbeddingMemory,
): Embedder {
  const flights = new SingleFlight<EmbeddedVector>()
  const { embedText } = model

  /** Undefined also for one that no store should get, whoever remembered it. */
  function known(hash: string): Float32Array | undefined {
    const vector = memory.vector(hash, model.name)
    return vector?.length === model.dimensions && vector.every(Number.isFinite) ? vector : undefined
  }

  async function vectorOf(
    hash: string,
    context: EmbedContext,
    make: (signal: AbortSignal) => Promise<EmbeddedVector>,
  ): Promise<EmbeddedVector & { cached: boolean }> {
    const vector = known(hash)
    if (vector) return { vector, usage: noUsage, cached: true }
    context.onStage?.('embed')
    const { result, joined } = await flights.run(hash, context.signal, async (signal) => {
      const made = await make(signal)
      memory.rememberVector(hash, model.name, made.vector)
      return made
    })
    return { ...result, usage: joined ? noUsage : result.usage, cached: false }
  }

  function wordsOf(pixels: string): Words | undefined {
    const text = memory.description(pixels, describer.id)
    return text === undefined ? undefined : (JSON.parse(text) as Words)
  }

  async function describe(
    image: NormalisedImage,
    pixels: string,
    { signal }: EmbedContext,
  ): Promise<Words> {
    const remembered = wordsOf(pixels)
    if (remembered) return remembered
    const { description, tags } = await describer.embedImage(image, { signal })
    const words = { description, ...(tags && { tags }) }
    memory.rememberDescription(pixels, describer.id, JSON.stringify(words))
    return words
  }

  return {
    id: model.id,
    dimensions: model.dimensions,
    capabilities: {
      text: embedText ? 'any' : 'none',
      describes: describer.capabilities.describes,
      embeds: 'pictures',
    },
    concurrency: model.concurrency,
    keepsDescriptionsOf: (id) => describer.keepsDescriptionsOf(id),

    async embedImage(image, context) {
      const pixels = hashPixels(image)
      if (context.file) memory.rememberPicture(context.file, { pixels, ...image.source })
      const [embedded, words] = await Promise.all([
        vectorOf(pixels, context, (signal) => model.embedPicture(image, signal)),
        describe(image, pixels, context),
      ])
      return { ...embedded, ...words }
    },

    ...(embedText && {
      async embedText(text, context) {
        const make = (signal: AbortSignal) => embedText.call(model, text, signal)
        return { ...(await vectorOf(hashText(text), context, make)), description: text }
      },
    }),

    predictCalls(subject) {
      const hash = 'text' in subject ? hashText(subject.text) : memory.picture(subject.file)?.pixels
      return hash !== undefined && known(hash) ? [] : ['embed']
    },

    async recall(sha256) {
      const picture = memory.picture(sha256)
      const vector = picture && known(picture.pixels)
      const words = picture && wordsOf(picture.pixels)
      if (!vector || !words) return undefined
      const { format, width, height } = picture!
      return { vector, ...words, usage: noUsage, cached: true, source: { format, width, height } }
    },

    ...(model.health && { health: () => model.health!() }),
    ...(model.backlog && { backlog: () => model.backlog!() }),
    ...(model.estimate && { estimate: () => model.estimate!() }),
  }
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Files of another format, or with other metadata, that decode to the same pixels are one picture. */
function hashPixels({ rgb, width, height }: NormalisedImage): string {
  return createHash('sha256').update(`${width}x${height}:`).update(rgb).digest('hex')
}
