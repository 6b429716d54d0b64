import type { Backlog } from '../backlog.ts'
import type { NormalisedImage } from '../images/image.ts'
import type { KnownName } from '../names/vocabulary.ts'
import type { AskedPhrase } from '../words/asked.ts'

export type EmbedStage = 'describe' | 'embed'

/** What the models were asked for; all zero for an embedder that runs in this process. */
export interface Usage {
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Null when the price of a model is not known. */
  readonly estimatedUsd: number | null
}

export const noUsage: Usage = { calls: 0, inputTokens: 0, outputTokens: 0, estimatedUsd: 0 }

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    estimatedUsd:
      a.estimatedUsd === null || b.estimatedUsd === null ? null : a.estimatedUsd + b.estimatedUsd,
  }
}

export interface Embedded {
  /** Unit length, `dimensions` numbers. */
  readonly vector: Float32Array
  readonly description: string
  /** Names of what the image probably shows, from the most special to the most general. */
  readonly tags?: readonly string[]
  /** Of the description, what was measured and not recognised; absent where nothing was. */
  readonly measured?: string
  /** Present where better words are to come, once the names of `naming` are there. */
  readonly isInterim?: true
  readonly usage: Usage
  /** True when all of it was remembered; absent for an embedder that remembers nothing. */
  readonly cached?: boolean
}

/** Cosines of a name with pictures that hold in every library, for they were measured on many: docs/retrieval-quality.md. */
export interface NameBounds {
  /** Less is no match, however rare it is in the library. */
  readonly possible: number
  /** Less is no strong match. */
  readonly strong: number
  /** So much is a strong match, and `strong` a possible one, however much of the library shows the same. */
  readonly certain: number
}

export interface EmbeddedNames extends Embedded {
  readonly bounds: NameBounds
}

/** A text that was read for names. */
export interface ReadNames {
  /** With other names under which the same is spoken of. */
  readonly known: readonly (AskedPhrase & { readonly names: readonly string[] })[]
  readonly unknown: readonly AskedPhrase[]
}

/** Where two pictures agree, and in what. */
export interface Agreement {
  /** The maps have `edge` x `edge` places, row by row; both pictures fill them squashed to a square. */
  readonly edge: number
  /**
   * For each of the two, what every place adds to their likeness: 1 for the place that adds most, 0 for none and for
   * what speaks against it.
   */
  readonly maps: readonly [Float32Array, Float32Array]
  /** What they share, 0 to 1: by the names of what they show, colours, fine structure, where light and dark are. */
  readonly parts: Readonly<Record<'names' | 'colours' | 'texture' | 'layout', number>>
}

/** The answer to a file that was seen before, with what decoding had found. */
export interface Recalled extends Embedded {
  readonly source: NormalisedImage['source']
}

/** What one answer costs. */
export interface CallEstimate {
  /** Null when the price of a model is not known. */
  readonly estimatedUsd: number | null
  /** Time for each when as many are under way as the embedder allows. */
  readonly ms: number
}

/** What one new picture costs. */
export interface ImageEstimate extends CallEstimate {
  /** `typical` until this installation has calls of its own to go by. */
  readonly basis: 'measured' | 'typical'
  /** What a picture costs whose description is there, so that only a text is embedded. */
  readonly text: CallEstimate
  /** Present where something is asked once, whatever the number of pictures, and was not yet. */
  readonly once?: CallEstimate
}

export interface EmbedderHealth {
  readonly status: 'ok' | 'degraded'
  /** What is the matter and when it is tried again. */
  readonly detail: string
}

/** What is said of a picture. */
export type Said = Pick<Embedded, 'description' | 'tags'>

/** Names for pictures by their vectors, which are made ready in the background: a model has to embed them first. */
export interface Naming {
  /** Once they are there; what goes wrong meanwhile is tried again. Asks for them where nobody did before. */
  ready(signal: AbortSignal): Promise<void>
  /** Undefined until they are there. */
  say(vector: Float32Array, measured: string): Said | undefined
}

export interface EmbedContext {
  readonly signal: AbortSignal
  /** Whoever waits has time: the answer is not an interim one. */
  readonly patient?: true
  /** Content hash of the file that the image was decoded from, by which it can be recalled later. */
  readonly file?: string
  /** Called as each stage begins, so that callers can show progress and time it. */
  readonly onStage?: (stage: EmbedStage) => void
}

/**
 * Turns images into vectors whose cosine similarity means likeness, and into a description.
 *
 * Errors are `LookalikeError`s: `provider_timeout`, `provider_rejected`, `provider_unavailable`,
 * `budget_exhausted`.
 */
export interface Embedder {
  /** Names model, version and dimensions; a library is made by exactly one embedder id. */
  readonly id: string
  readonly dimensions: number
  readonly capabilities: {
    /** Which texts it can embed into the same space as images: any, the names of a vocabulary, or none. */
    readonly text: 'none' | 'names' | 'any'
    /** `semantic`: the description says what is shown. `visual`: it says what was measured. */
    readonly describes: 'semantic' | 'visual'
    /** What a picture's vector is made of: its pixels, or the words that describe it. */
    readonly embeds: 'pictures' | 'descriptions'
  }
  /** Images it works on at once; more than that wait for each other. */
  readonly concurrency: number
  embedImage(image: NormalisedImage, context: EmbedContext): Promise<Embedded>
  /** Present when `capabilities.text` is `any`; `description` is the text. Texts that wait may share a call. */
  embedText?(text: string, context: EmbedContext): Promise<Embedded>
  /**
   * Present when `capabilities.text` is `names`: one or several names, with "not" before what is not wanted.
   *
   * @throws LookalikeError `unknown_words`
   */
  embedNames?(text: string, context: EmbedContext): Promise<EmbeddedNames>
  /** Present where it has names for what pictures show: which parts of a text are such names, and which are not. */
  readNames?(text: string): ReadNames
  /** The same: those that it knows. */
  vocabulary?(): readonly KnownName[]
  /** Present where they are found by vectors. */
  readonly naming?: Naming
  /** Present on an embedder that can tell where two pictures agree. */
  compare?(one: NormalisedImage, other: NormalisedImage, context: EmbedContext): Promise<Agreement>
  /**
   * Present on an embedder that remembers: its answer to a file it has seen, by content hash and without
   * decoding. Undefined when the file must be decoded and given to `embedImage`.
   */
  recall?(sha256: string, context: EmbedContext): Promise<Recalled | undefined>
  /** Present on an embedder that remembers: which models it would call for this, calling none. */
  predictCalls?(subject: { readonly file: string } | { readonly text: string }): EmbedStage[]
  /**
   * Whether a library of that embedder keeps its descriptions when this one re-embeds it: it would make
   * the same ones, or has none as good.
   */
  keepsDescriptionsOf(embedderId: string): boolean
  /** Present where others are asked: whether they are, at this moment. */
  health?(): EmbedderHealth
  /** Present where others are asked, a few at a time. */
  backlog?(): Backlog
  /** Present when images cost money. */
  estimate?(): ImageEstimate
}
