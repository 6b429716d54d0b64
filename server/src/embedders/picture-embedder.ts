import { createHash } from 'node:crypto'
import type { Backlog } from '../backlog.ts'
import type { NormalisedImage } from '../images/image.ts'
import { understand } from '../names/lookup.ts'
import { saidOtherwise } from '../names/said-otherwise.ts'
import { wholeVocabulary } from '../names/vocabulary.ts'
import type { EmbeddingMemory } from '../state/embedding-memory.ts'
import type { NameVectors } from '../state/name-vectors.ts'
import {
  noUsage,
  type CallEstimate,
  type EmbedContext,
  type Embedded,
  type Embedder,
  type EmbedderHealth,
  type ImageEstimate,
  type Said,
  type Usage,
} from './embedder.ts'
import { type MissingNames, PreparedNames } from './prepared-names.ts'
import { SingleFlight } from './single-flight.ts'

export interface EmbeddedVector {
  /** Unit length. */
  readonly vector: Float32Array
  readonly usage: Usage
}

/** A model that makes vectors of pictures, and perhaps of texts in the same space. */
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
  /** Names that it is asked for at once; pictures that come meanwhile may have to wait for them. */
  readonly namesAtOnce: number
  health?(): EmbedderHealth
  backlog?(): Backlog
  estimate?(): ImageEstimate
  /** Present with it: what embedding so many names costs. */
  estimateNames?(missing: MissingNames): CallEstimate
}

type Described = Said & Pick<Embedded, 'measured' | 'isInterim'>

/**
 * Makes an embedder of a model that looks at pictures, of another embedder that says what they show, and of a memory. A
 * model is asked once for the same thing: what it answered is remembered, and simultaneous requests share one call.
 *
 * @param describer whose descriptions and tags are taken; its vectors are not
 * @param nameVectors keeps what the model makes of names, which then are said in place of the describer's; absent where only the
 *   describer is to say what pictures show
 */
export function pictureEmbedder(
  model: PictureModel,
  describer: Embedder,
  memory: EmbeddingMemory,
  nameVectors?: NameVectors,
): Embedder {
  const flights = new SingleFlight<EmbeddedVector>()
  const { embedText } = model
  const names =
    nameVectors && embedText
      ? new PreparedNames(
          {
            name: model.name,
            textsAtOnce: model.namesAtOnce,
            embedPicture: (image, signal) => model.embedPicture(image, signal),
            embedText: (text, signal) => embedText.call(model, text, signal),
          },
          nameVectors,
        )
      : undefined

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

  function wordsOf(pixels: string): Described | undefined {
    const text = memory.description(pixels, describer.id)
    const words = text === undefined ? undefined : (JSON.parse(text) as Described)
    // What was remembered before there were names does not tell what was measured.
    return names && words?.measured === undefined ? undefined : words
  }

  /** The names of the model, and behind them what the describer measured; its own words as long as there are none. */
  async function named(
    vector: Float32Array,
    words: Described,
    { patient, signal }: EmbedContext,
  ): Promise<Described> {
    if (!names || words.measured === undefined) return words
    const { measured } = words
    if (patient) await names.ready(signal)
    await names.settled()
    return names.say(vector, measured) ?? { ...words, measured, isInterim: true }
  }

  async function describe(
    image: NormalisedImage,
    pixels: string,
    { signal }: EmbedContext,
  ): Promise<Described> {
    const remembered = wordsOf(pixels)
    if (remembered) return remembered
    const { description, tags, measured } = await describer.embedImage(image, { signal })
    const words = {
      description,
      ...(tags && { tags }),
      ...(measured !== undefined && { measured }),
    }
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
    // Names that another model found are found anew; prose is not as good, but none is.
    keepsDescriptionsOf: (id) => (names ? !isNamed(id) : describer.keepsDescriptionsOf(id)),

    async embedImage(image, context) {
      const pixels = hashPixels(image)
      if (context.file) memory.rememberPicture(context.file, { pixels, ...image.source })
      const [embedded, words] = await Promise.all([
        vectorOf(pixels, context, (signal) => model.embedPicture(image, signal)),
        describe(image, pixels, context),
      ])
      return { ...embedded, ...(await named(embedded.vector, words, context)) }
    },
    ...(names && { naming: names, vocabulary: wholeVocabulary, readNames }),

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

    async recall(sha256, context) {
      const picture = memory.picture(sha256)
      const vector = picture && known(picture.pixels)
      const words = picture && wordsOf(picture.pixels)
      if (!vector || !words) return undefined
      const { format, width, height } = picture!
      return {
        vector,
        ...(await named(vector, words, context)),
        usage: noUsage,
        cached: true,
        source: { format, width, height },
      }
    },

    ...(model.health && {
      health() {
        const { status, detail } = model.health!()
        return { status, detail: [detail, names?.progress ?? ''].join(' ').trim() }
      },
    }),
    ...(model.backlog && { backlog: () => model.backlog!() }),
    ...(model.estimate && {
      estimate() {
        const missing = names?.missing
        const isAsked = missing && missing.texts + missing.pictures > 0
        const once = isAsked ? model.estimateNames?.(missing) : undefined
        return { ...model.estimate!(), ...(once && { once }) }
      },
    }),
  }
}

/** All words are understood; those that are names are also said otherwise. */
function readNames(text: string) {
  const { asked, unknown } = understand(text, wholeVocabulary(), { forgiving: false })
  const known = asked.map((each) => ({ ...each, names: saidOtherwise(each.entries, wholeVocabulary()) })) // prettier-ignore
  return { known, unknown }
}

/** Whether the embedder of that id describes pictures by names that it found. */
function isNamed(embedderId: string): boolean {
  return /^(?:visual|local|server):/.test(embedderId)
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Files of another format, or with other metadata, that decode to the same pixels are one picture. */
function hashPixels({ rgb, width, height }: NormalisedImage): string {
  return createHash('sha256').update(`${width}x${height}:`).update(rgb).digest('hex')
}
