import type { NormalisedImage } from '../images/image.ts'

export type EmbedStage = 'describe' | 'embed'

/** What the models were asked for; all zero for an embedder that runs in this process. */
export interface Usage {
  readonly calls: number
  readonly input_tokens: number
  readonly output_tokens: number
}

export const noUsage: Usage = { calls: 0, input_tokens: 0, output_tokens: 0 }

export interface Embedded {
  /** Unit length, `dimensions` numbers. */
  readonly vector: Float32Array
  readonly description: string
  readonly usage: Usage
}

export interface EmbedContext {
  readonly signal: AbortSignal
  /** Told as each stage begins, so that callers can show progress and time it. */
  readonly onStage?: (stage: EmbedStage) => void
}

/**
 * Turns images into vectors whose cosine similarity means likeness, and into a description in words.
 *
 * Errors are `LookalikeError`s: `provider_timeout`, `provider_rejected`, `provider_unavailable`.
 */
export interface Embedder {
  /** Names model, version and dimensions; a library is made by exactly one embedder id. */
  readonly id: string
  readonly dimensions: number
  readonly capabilities: {
    /** Can embed a text into the same space as images. */
    readonly text: boolean
    /** `semantic`: the description says what is shown. `visual`: it says what was measured. */
    readonly describes: 'semantic' | 'visual'
  }
  /** Most images one `embedImages` call takes. */
  readonly maxBatch: number
  /** One result per image, in order. */
  embedImages(images: NormalisedImage[], context: EmbedContext): Promise<Embedded[]>
  /** Present when `capabilities.text`. One vector per text, in order; `description` is the text. */
  embedTexts?(texts: string[], context: EmbedContext): Promise<Embedded[]>
}
