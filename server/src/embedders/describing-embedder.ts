import { createHash } from 'node:crypto'
import type { NormalisedImage } from '../images/image.ts'
import type { Backlog } from '../backlog.ts'
import type { EmbeddingMemory } from '../state/embedding-memory.ts'
import {
  addUsage,
  noUsage,
  type EmbedContext,
  type Embedded,
  type Embedder,
  type EmbedderHealth,
  type ImageEstimate,
  type Usage,
} from './embedder.ts'
import { SingleFlight } from './single-flight.ts'

export interface Described {
  readonly description: string
  readonly usage: Usage
}

export interface EmbeddedText {
  /** Unit length. */
  readonly vector: Float32Array
  readonly usage: Usage
}

/** The two models of an embedder that describes a picture and embeds the description. */
export interface DescribingModels {
  readonly id: string
  readonly dimensions: number
  /** Names all that shapes a description. */
  readonly describerName: string
  /** Names all that shapes a text's vector. */
  readonly textEmbedderName: string
  /** Descriptions that are asked for at once, at most. */
  readonly concurrency: number
  describe(image: NormalisedImage, signal: AbortSignal): Promise<Described>
  embedText(text: string, signal: AbortSignal): Promise<EmbeddedText>
  keepsDescriptionsOf(embedderId: string): boolean
  health(): EmbedderHealth
  backlog(): Backlog
  estimate(): ImageEstimate
}

/**
 * Makes an embedder of two models and a memory. Each model is asked once for the same thing: what it
 * answered is remembered, and simultaneous requests share one call. Failures are not remembered.
 */
export function describingEmbedder(models: DescribingModels, memory: EmbeddingMemory): Embedder {
  const descriptions = new SingleFlight<Described>()
  const vectors = new SingleFlight<EmbeddedText>()
  const { describerName, textEmbedderName } = models

  /** Undefined also for one that no store should get, whoever remembered it. */
  function vectorOf(textHash: string): Float32Array | undefined {
    const vector = memory.vector(textHash, textEmbedderName)
    return vector?.length === models.dimensions && vector.every(Number.isFinite)
      ? vector
      : undefined
  }

  async function describe(
    image: NormalisedImage,
    pixels: string,
    context: EmbedContext,
  ): Promise<Described> {
    const known = memory.description(pixels, describerName)
    if (known !== undefined) return { description: known, usage: noUsage }
    context.onStage?.('describe')
    const { result, joined } = await descriptions.run(pixels, context.signal, async (signal) => {
      const described = await models.describe(image, signal)
      memory.rememberDescription(pixels, describerName, described.description)
      return described
    })
    return joined ? { ...result, usage: noUsage } : result
  }

  async function embedText(description: string, context: EmbedContext): Promise<Embedded> {
    const text = hashText(description)
    const known = vectorOf(text)
    if (known) return { vector: known, description, usage: noUsage, cached: true }
    context.onStage?.('embed')
    const { result, joined } = await vectors.run(text, context.signal, async (signal) => {
      const embedded = await models.embedText(description, signal)
      memory.rememberVector(text, textEmbedderName, embedded.vector)
      return embedded
    })
    return { ...result, description, usage: joined ? noUsage : result.usage, cached: false }
  }

  async function embedImage(image: NormalisedImage, context: EmbedContext): Promise<Embedded> {
    const { file } = context
    const pixels = hashPixels(image)
    if (file) memory.rememberPicture(file, { pixels, ...image.source })
    const described = await describe(image, pixels, context)
    const embedded = await embedText(described.description, context)
    return { ...embedded, usage: addUsage(described.usage, embedded.usage) }
  }

  return {
    id: models.id,
    dimensions: models.dimensions,
    capabilities: { text: 'any', describes: 'semantic', embeds: 'descriptions' },
    concurrency: models.concurrency,
    embedImage,
    embedText,
    keepsDescriptionsOf: (embedderId) => models.keepsDescriptionsOf(embedderId),
    health: () => models.health(),
    backlog: () => models.backlog(),
    estimate: () => models.estimate(),

    predictCalls(subject) {
      if ('text' in subject) return vectorOf(hashText(subject.text)) ? [] : ['embed'] // prettier-ignore
      const picture = memory.picture(subject.file)
      const text = picture && memory.description(picture.pixels, describerName)
      return text === undefined ? ['describe', 'embed'] : this.predictCalls!({ text })
    },

    async recall(sha256, context) {
      const picture = memory.picture(sha256)
      const description = picture && memory.description(picture.pixels, describerName)
      if (description === undefined) return undefined
      const { format, width, height } = picture!
      return { ...(await embedText(description, context)), source: { format, width, height } }
    },
  }
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Files of another format, or with other metadata, that decode to the same pixels are one picture. */
function hashPixels({ rgb, width, height }: NormalisedImage): string {
  return createHash('sha256').update(`${width}x${height}:`).update(rgb).digest('hex')
}
